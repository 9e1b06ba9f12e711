import { isKey, KEY_RULE } from '../key.ts';
import { acceptUnless, collectProblems } from '../problems.ts';
import type { Outcome } from '../refusal.ts';
import type { Environment } from './environment.ts';

const MAX_DESCRIPTION_LENGTH = 2_000;

export function normaliseEnvironment(input: Environment): Outcome<Environment> {
  const problems = collectProblems();
  if (!isKey(input.key)) problems.report('/key', KEY_RULE);
  if (input.description.length > MAX_DESCRIPTION_LENGTH) {
    problems.report('/description', `must be at most ${MAX_DESCRIPTION_LENGTH} characters long`);
  }
  const environment = { key: input.key, description: input.description, protected: input.protected };
  return acceptUnless(problems, 'The environment', environment);
}
