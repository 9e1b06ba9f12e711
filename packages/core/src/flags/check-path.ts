import { checkRequiredText } from '../checked-text.ts';
import { type Problems, pointer } from '../problems.ts';
import * as limits from './limits.ts';

/** The fields to follow inside an attribute, where there are any. */
export function checkPath(path: readonly string[] | undefined, field: string, problems: Problems): void {
  if (path === undefined) return;
  if (path.length > limits.MAX_PATH) {
    problems.report(field, `must be at most ${limits.MAX_PATH} fields`);
    return;
  }
  path.forEach((step, index) => {
    checkRequiredText(step, pointer(field, index), limits.MAX_BUCKETING_TEXT_LENGTH, problems);
  });
}
