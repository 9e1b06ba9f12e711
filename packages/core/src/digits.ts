/** Numbers are IEEE 754 doubles: from 2^53 on, whole numbers stand for their neighbours too. */
const FEWEST_CHARACTERS = 16;
const WHOLE = /^[+-]?(?:0x[0-9a-f]+|0o[0-7]+|\d+)$/i;
/** What JSON and YAML write a number as, outside of texts. */
const NUMBERS = new RegExp(`(?<![\\w.+-])-?\\d{${FEWEST_CHARACTERS},}(?![\\w.])`, 'g');
const TEXTS = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

/**
 * Whether a whole number, as it is written, would become another one: `9007199254740993` would be …992. What doubles print
 * as, such as `12345678901234567000`, is kept, so that whatever was answered can be sent back.
 */
export function losesDigits(written: string): boolean {
  if (written.length < FEWEST_CHARACTERS || !WHOLE.test(written)) return false;
  const digits = written.replace(/^[+-]/, '');
  const kept = Number(digits);
  if (String(kept) === digits) return false;
  return !Number.isFinite(kept) || BigInt(digits) !== BigInt(kept);
}

/** Those in JSON text that `losesDigits`, as they are written. */
export function numbersThatLoseDigits(json: string): readonly string[] {
  const found = json.replace(TEXTS, '""').match(NUMBERS) ?? [];
  return found.filter(losesDigits);
}

/** What is wrong with such a number, said of its field. */
export function lostDigits(written: string): string {
  return `is a whole number of which not every digit is kept (it would be ${Number(written)}); write it as text, or rounded`;
}
