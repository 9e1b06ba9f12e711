import { cannotCarry } from '../report.ts';

/** Where a pattern of RE2 is being read, and what flags hold there. */
export interface Reader {
  readonly points: readonly string[];
  ignoresCase: boolean;
  isDotAll: boolean;
  /** Whether `^` and `$` stand for the edges of lines. */
  isByLine: boolean;
  readonly names: Set<string>;
  /** How many groups are open. */
  depth: number;
  at: number;
}

/** RE2 refuses the pattern, for which Unleash takes it that nothing is found. */
export class InvalidPattern extends Error {}

export function invalid(): never {
  throw new InvalidPattern();
}

export function refused({ points }: Reader, problem: string): never {
  return cannotCarry(`the pattern ${points.join('')} cannot be used here: ${problem}`);
}

/** The next character; a pattern that ends too early is none. */
export function take(reader: Reader): string {
  const character = reader.points[reader.at] ?? invalid();
  reader.at += 1;
  return character;
}

export function taken(reader: Reader, character: string): boolean {
  if (reader.points[reader.at] !== character) return false;
  reader.at += 1;
  return true;
}

export function rest({ points, at }: Reader): string {
  return points.slice(at).join('');
}

export function skip(reader: Reader, text: string): void {
  reader.at += [...text].length;
}

/** White space and word characters as RE2 has them, and all others. */
export const SPACE = '\\t\\n\\f\\r ';
export const NO_SPACE = '\\x00-\\x08\\x0b\\x0e-\\x1f!-\\u{10ffff}';
export const NO_DIGIT = '\\x00-\\/:-\\u{10ffff}';
const NO_WORD = '\\x00-\\/:-@\\[-\\^`\\{-\\u{10ffff}';
const WORD = '0-9A-Za-z_';
/** What folds to letters of ASCII: the long s and the Kelvin sign. */
const FOLDED: Readonly<Record<string, string>> = { s: '\\u017f', k: '\\u212a' };
const SPECIAL = new Set([...'^$\\.*+?()[]{}|/-']);

export function wordOf({ ignoresCase }: Reader): string {
  return ignoresCase ? `${WORD}\\u017f\\u212a` : WORD;
}

export function noWordOf(reader: Reader): string {
  return reader.ignoresCase ? refused(reader, 'it ignores the case of what is no word') : NO_WORD;
}

/** The character that a backslash and what follows it stand for. */
export function pointOf(reader: Reader, escaped: string): string {
  if (escaped === 'x') return hexadecimalOf(reader);
  if (escaped === '0' || (/^[1-7]$/.test(escaped) && /^[0-7]/.test(rest(reader)))) return octalOf(reader, escaped);
  const control = CONTROLS[escaped];
  if (control !== undefined) return control;
  if (escaped > '\u007f') return refused(reader, `\\${escaped}`);
  return /[0-9A-Za-z]/.test(escaped) ? invalid() : escaped;
}

const CONTROLS: Readonly<Record<string, string>> = {
  a: '\u0007',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function hexadecimalOf(reader: Reader): string {
  const [found, two, more] = /^(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]+)\})/.exec(rest(reader)) ?? [];
  const point = Number.parseInt(two ?? more ?? '', 16);
  if (found === undefined || point > 0x10ffff) return invalid();
  if (point >= 0xd800 && point <= 0xdfff) return refused(reader, 'half of a surrogate pair');
  skip(reader, found);
  return String.fromCodePoint(point);
}

function octalOf(reader: Reader, first: string): string {
  const [more = ''] = /^[0-7]{0,2}/.exec(rest(reader)) ?? [];
  skip(reader, more);
  return String.fromCodePoint(Number.parseInt(first + more, 8));
}

export function quoted(character: string): string {
  if (SPECIAL.has(character)) return `\\${character}`;
  const point = character.codePointAt(0) ?? 0;
  return point < 0x20 ? `\\x${point.toString(16).padStart(2, '0')}` : character;
}

/** A character in all the cases that count as the same. */
export function casesOf(reader: Reader, character: string): readonly string[] {
  if (!reader.ignoresCase) return [quoted(character)];
  if (character > '\u007f') return refused(reader, 'it ignores the case of what is not ASCII');
  const lower = character.toLowerCase();
  const upper = character.toUpperCase();
  if (lower === upper) return [quoted(character)];
  return [lower, upper, ...(FOLDED[lower] === undefined ? [] : [FOLDED[lower]])];
}

/** The letters of ASCII from one to another, in both cases. */
export function foldedRange(from: string, to: string): string {
  const [first, last] = [from.toLowerCase(), to.toLowerCase()];
  const folded = Object.entries(FOLDED).filter(([letter]) => letter >= first && letter <= last);
  const both = `${first}-${last}${first.toUpperCase()}-${last.toUpperCase()}`;
  return `${both}${folded.map(([, point]) => point).join('')}`;
}
