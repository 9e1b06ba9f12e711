import type { EvaluationContext, Json } from '@spillway/evaluator';
import { checkJson } from '../json-bounds.ts';
import { acceptUnless, collectProblems, pointer } from '../problems.ts';
import type { Outcome } from '../refusal.ts';

/** What is known of a user: attributes and behavioural numbers, as a context would carry them. */
export interface ProfileInput {
  readonly key: string;
  readonly attributes: Readonly<Record<string, Json>>;
}

/** Of one project. */
export const MAX_PROFILES = 1_000_000;
export const MAX_PROFILE_KEY_LENGTH = 200;
export const MAX_PROFILE_ATTRIBUTES = 500;
/** Of the attributes as JSON text, in characters: as much as a context may have. */
export const MAX_PROFILE_CHARACTERS = 32_768;
const MAX_ATTRIBUTE_LENGTH = 256;

export function checkProfile({ key, attributes }: ProfileInput): Outcome<ProfileInput> {
  const problems = collectProblems();
  if (key === '' || key.length > MAX_PROFILE_KEY_LENGTH) {
    problems.report('/key', `must be 1 to ${MAX_PROFILE_KEY_LENGTH} characters`);
  }
  if (!key.isWellFormed() || key.includes('\0')) problems.report('/key', 'must be well-formed Unicode without NUL');
  const names = Object.keys(attributes);
  if (names.length > MAX_PROFILE_ATTRIBUTES)
    problems.report('/attributes', `must be at most ${MAX_PROFILE_ATTRIBUTES}`);
  for (const name of names.slice(0, MAX_PROFILE_ATTRIBUTES)) {
    const field = pointer('/attributes', name);
    if (name === '' || name.length > MAX_ATTRIBUTE_LENGTH) {
      problems.report(field, `must have a name of 1 to ${MAX_ATTRIBUTE_LENGTH} characters`);
    }
    if (name === 'targetingKey') problems.report(field, "is the profile's key; leave it out");
  }
  checkJson(attributes, '/attributes', problems);
  if (problems.found.length === 0 && JSON.stringify(attributes).length > MAX_PROFILE_CHARACTERS) {
    problems.report('/attributes', `must be at most ${MAX_PROFILE_CHARACTERS} characters of JSON`);
  }
  return acceptUnless(problems, 'The profile', { key, attributes });
}

/** The context that a user with this profile would be evaluated with. */
export function contextOf({ key, attributes }: ProfileInput): EvaluationContext {
  return { ...attributes, targetingKey: key };
}
