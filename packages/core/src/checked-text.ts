import { isKey, KEY_RULE } from './key.ts';
import { type Problems, pointer } from './problems.ts';

export function checkText(text: string, field: string, most: number, problems: Problems): void {
  if (text.length > most) problems.report(field, `must be at most ${most} characters long`);
  if (!text.isWellFormed()) problems.report(field, 'must be well-formed Unicode');
}

export function checkRequiredText(text: string, field: string, most: number, problems: Problems): void {
  if (text === '') problems.report(field, 'must not be empty');
  checkText(text, field, most, problems);
}

export function checkKeys(keys: readonly string[], field: string, most: number, problems: Problems): void {
  if (keys.length > most) problems.report(field, `must be at most ${most}`);
  keys.slice(0, most).forEach((key, index) => {
    if (!isKey(key)) problems.report(pointer(field, index), KEY_RULE);
  });
}
