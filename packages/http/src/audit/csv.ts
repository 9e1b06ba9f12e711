import type { ListedEntry } from '@spillway/control';

const COLUMNS = [
  'seq',
  'at',
  'actor',
  'action',
  'noun',
  'key',
  'version',
  'reason',
  'before',
  'after',
  'because',
  'previous_hash',
  'hash',
  'summary',
] as const;

export const CSV_HEADER = `${COLUMNS.join(',')}\r\n`;

/** What a spreadsheet would run as a formula, also behind blanks and quotes. */
const FORMULA = /^[\s'"]*[=+\-@\t\r|]/;

/** One entry as a row of RFC 4180. */
export function csvRow(entry: ListedEntry): string {
  const { seq, at_ms, actor, action, noun, key, version, reason, before, after, because } = entry;
  const documents = [before, after, because].map((part) => (part === null ? '' : JSON.stringify(part)));
  const cells = [seq, new Date(at_ms).toISOString(), actor, action, noun, key, version, reason, ...documents];
  return `${[...cells, entry.previous_hash, entry.hash, entry.summary ?? ''].map(cell).join(',')}\r\n`;
}

/**
 * Reasons and keys are other people's words, and a spreadsheet runs what looks like a formula: an apostrophe in front keeps it
 * text. Line ends stay inside quotes.
 */
export function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
