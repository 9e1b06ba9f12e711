import { type Problems, pointer } from '../problems.ts';
import * as limits from './limits.ts';
import type { SegmentMembers } from './segment.ts';

const MAX_NAME_LENGTH = 256;

export function checkMembers({ by, path = [], count }: SegmentMembers, problems: Problems): void {
  if (by !== undefined) checkName(by, '/members/by', problems);
  if (path.length > limits.MAX_PATH_LENGTH) {
    problems.report('/members/path', `must be at most ${limits.MAX_PATH_LENGTH} fields deep`);
  } else {
    path.forEach((name, index) => void checkName(name, pointer('/members/path', index), problems));
  }
  if (count > limits.MAX_MEMBERS) problems.report('/members', `must be at most ${limits.MAX_MEMBERS}`);
}

/** Of a list that comes along in the document. */
export function checkKeysOfMembers(keys: readonly string[], problems: Problems): void {
  if (keys.length > limits.MAX_INLINE_MEMBERS) {
    problems.report('/members/keys', `must be at most ${limits.MAX_INLINE_MEMBERS}; import a longer list`);
    return;
  }
  keys.forEach((key, index) => {
    const problem = memberKeyProblem(key);
    if (problem !== undefined) problems.report(pointer('/members/keys', index), problem);
  });
}

/** What is wrong with a key to be listed. */
export function memberKeyProblem(key: string): string | undefined {
  if (key === '') return 'must not be empty';
  if (key.length > limits.MAX_MEMBER_KEY_LENGTH)
    return `must be at most ${limits.MAX_MEMBER_KEY_LENGTH} characters long`;
  return key.isWellFormed() ? undefined : 'must be well-formed Unicode';
}

function checkName(name: string, field: string, problems: Problems): void {
  if (name === '' || name.length > MAX_NAME_LENGTH || !name.isWellFormed()) {
    problems.report(field, `must be 1 to ${MAX_NAME_LENGTH} characters of Unicode text`);
  }
}
