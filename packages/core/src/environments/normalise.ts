import { isKey, KEY_RULE } from '../key.ts';
import { acceptUnless, collectProblems, type Problems, pointer } from '../problems.ts';
import type { Outcome } from '../refusal.ts';
import { checkOrigins } from './allowed-origins.ts';
import { CLIENT_CONTEXTS, type Environment, type EnvironmentUpdate, RECENT_CONTEXTS } from './environment.ts';

const MAX_DESCRIPTION_LENGTH = 2_000;
export const MAX_PRIVATE_ATTRIBUTES = 100;
const MAX_ATTRIBUTE_LENGTH = 256;

export function normaliseEnvironment(input: Environment): Outcome<Environment> {
  const problems = collectProblems();
  const { key, description, protected: isProtected, recent_contexts, private_attributes } = input;
  const { client_contexts, allowed_origins, unique_users } = input;
  if (!isKey(key)) problems.report('/key', KEY_RULE);
  if (description.length > MAX_DESCRIPTION_LENGTH) {
    problems.report('/description', `must be at most ${MAX_DESCRIPTION_LENGTH} characters long`);
  }
  if (recent_contexts !== undefined && !RECENT_CONTEXTS.includes(recent_contexts)) {
    problems.report('/recent_contexts', `must be one of ${RECENT_CONTEXTS.join(', ')}`);
  }
  if (private_attributes !== undefined) checkAttributes(private_attributes, problems);
  if (client_contexts !== undefined && !CLIENT_CONTEXTS.includes(client_contexts)) {
    problems.report('/client_contexts', `must be one of ${CLIENT_CONTEXTS.join(', ')}`);
  }
  if (allowed_origins !== undefined) checkOrigins(allowed_origins, problems);
  return acceptUnless(problems, 'The environment', {
    ...{ key, description, protected: isProtected },
    ...(recent_contexts === undefined ? {} : { recent_contexts }),
    ...(private_attributes === undefined ? {} : { private_attributes: [...new Set(private_attributes)].sort() }),
    ...(unique_users === undefined ? {} : { unique_users }),
    ...(client_contexts === undefined ? {} : { client_contexts }),
    ...(allowed_origins === undefined ? {} : { allowed_origins: [...new Set(allowed_origins)].sort() }),
  });
}

export function updateEnvironment(environment: Environment, update: EnvironmentUpdate): Outcome<Environment> {
  return normaliseEnvironment({ ...environment, ...update });
}

function checkAttributes(names: readonly string[], problems: Problems): void {
  const field = '/private_attributes';
  if (names.length > MAX_PRIVATE_ATTRIBUTES) problems.report(field, `must be at most ${MAX_PRIVATE_ATTRIBUTES} names`);
  for (const [index, name] of names.slice(0, MAX_PRIVATE_ATTRIBUTES).entries()) {
    const place = pointer(field, index);
    if (name === '' || name.length > MAX_ATTRIBUTE_LENGTH) {
      problems.report(place, `must be a name of 1 to ${MAX_ATTRIBUTE_LENGTH} characters`);
    }
    if (!name.isWellFormed() || name.includes('\0')) problems.report(place, 'must be well-formed Unicode without NUL');
    if (name === 'targetingKey') {
      problems.report(place, 'cannot be private, because contexts are told apart by it; use recent_contexts: "hashed"');
    }
  }
}
