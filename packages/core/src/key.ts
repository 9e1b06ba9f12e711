/** Every key: unique within its project and noun, safe in paths, files and logs. */
export const KEY_PATTERN = /^[a-z0-9][a-z0-9._-]{0,127}$/;
export const KEY_RULE = 'must be 1 to 128 of a-z 0-9 . _ -, starting with a letter or digit';

export function isKey(text: string): boolean {
  return KEY_PATTERN.test(text);
}
