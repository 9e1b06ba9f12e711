import { broken } from '../broken.ts';
import { characters, classes, LINE_ENDS, type Pattern, type Range } from './syntax.ts';

export const MAX_PATTERN_LENGTH = 1_000;
export const MAX_REPETITIONS = 1_000;
const MAX_GROUP_DEPTH = 50;

const CONTROL: ReadonlyMap<string, number> = new Map([
  ['n', 0x0a],
  ['r', 0x0d],
  ['t', 0x09],
  ['f', 0x0c],
  ['v', 0x0b],
]);
const LOW_HALF = /^\\u[dD][c-fC-F][0-9a-fA-F]{2}$/;
const LOW_HALF_LENGTH = 6;
const SYNTAX = new Set('^$\\.*+?()[]{}|/-');

/** With ECMAScript's `u` flag, or without it: by UTF-16 code units, and with less to be escaped. */
type Grammar = 'unicode' | 'units';

/** A position in the pattern's code points, or code units. */
interface Reader {
  readonly points: readonly string[];
  readonly grammar: Grammar;
  at: number;
  depth: number;
}

/** Reads the subset of ECMAScript's patterns that can be matched in linear time; throws for the rest, saying what. */
export function parsePattern(text: string): Pattern {
  return toTheEnd(readerOf(text, 'unicode'));
}

/** What has to be found, or must not be. */
export interface Demand {
  readonly pattern: Pattern;
  readonly isWanted: boolean;
}

/** The same without the `u` flag. What it looks ahead for at its very beginning, `^(?!…)`, is a demand of its own. */
export function parseUnitPattern(text: string): readonly Demand[] {
  const reader = readerOf(text, 'units');
  if (!/^\^\(\?[=!]/.test(text)) return [{ pattern: toTheEnd(reader), isWanted: true }];
  reader.at = 1;
  const ahead: Demand[] = [];
  for (let mark = lookAhead(reader); mark !== undefined; mark = lookAhead(reader)) {
    reader.at += LOOK_AHEAD_LENGTH;
    ahead.push({ pattern: fromTheStart(closed(reader)), isWanted: mark === '=' });
  }
  const rest = toTheEnd(reader);
  if (rest.is === 'choice') return broken('look-ahead stands before alternatives; put them in a group');
  return [{ pattern: fromTheStart(rest), isWanted: true }, ...ahead];
}

const LOOK_AHEAD_LENGTH = 3;

/** `=` or `!` where `(?=` or `(?!` comes next. */
function lookAhead({ points, at }: Reader): string | undefined {
  const mark = points[at + 2];
  return points[at] === '(' && points[at + 1] === '?' && (mark === '=' || mark === '!') ? mark : undefined;
}

function fromTheStart(pattern: Pattern): Pattern {
  return { is: 'sequence', items: [{ is: 'assertion', at: 'start' }, pattern] };
}

function readerOf(text: string, grammar: Grammar): Reader {
  if (text.length > MAX_PATTERN_LENGTH) return broken(`a pattern may have ${MAX_PATTERN_LENGTH} characters`);
  return { points: grammar === 'unicode' ? [...text] : text.split(''), grammar, at: 0, depth: 0 };
}

function toTheEnd(reader: Reader): Pattern {
  const pattern = choice(reader);
  return reader.at < reader.points.length ? broken('the pattern closes a group that it did not open') : pattern;
}

function choice(reader: Reader): Pattern {
  reader.depth += 1;
  if (reader.depth > MAX_GROUP_DEPTH) return broken(`groups nest more than ${MAX_GROUP_DEPTH} deep`);
  const options = [sequence(reader)];
  while (taken(reader, '|')) options.push(sequence(reader));
  reader.depth -= 1;
  const [only] = options;
  return options.length === 1 && only !== undefined ? only : { is: 'choice', options };
}

function sequence(reader: Reader): Pattern {
  const items: Pattern[] = [];
  for (let next = peek(reader); next !== undefined && next !== '|' && next !== ')'; next = peek(reader)) {
    items.push(repeated(reader, item(reader)));
  }
  return { is: 'sequence', items };
}

function item(reader: Reader): Pattern {
  const character = take(reader);
  if (character === '(') return group(reader);
  if (character === '[') return set(reader);
  if (character === '.') return characters(LINE_ENDS, true);
  if (character === '^') return { is: 'assertion', at: 'start' };
  if (character === '$') return { is: 'assertion', at: 'end' };
  if (character === '\\') return escaped(reader);
  if ('*+?'.includes(character)) return broken(`there is nothing before ${character} to repeat`);
  if (reader.grammar === 'units' && '}]'.includes(character)) return literal(character);
  if ('{}]'.includes(character)) return broken(`write \\${character} for the character ${character}`);
  return literal(character);
}

function group(reader: Reader): Pattern {
  if (taken(reader, '?') && !taken(reader, ':') && !named(reader)) {
    return broken('look-around, named groups and flags are not supported; groups are ( ) and (?: )');
  }
  return closed(reader);
}

function closed(reader: Reader): Pattern {
  const inner = choice(reader);
  return taken(reader, ')') ? inner : broken('a group is not closed');
}

/** Without the `u` flag, a name for a group is passed over: nothing can refer to it. */
function named(reader: Reader): boolean {
  const [name] = /^<[A-Za-z_$][\w$]*>/.exec(reader.points.slice(reader.at).join('')) ?? [];
  if (name === undefined || reader.grammar === 'unicode') return false;
  reader.at += name.length;
  return true;
}

function escaped(reader: Reader): Pattern {
  const next = peek(reader);
  if (next === 'b' || next === 'B') {
    reader.at += 1;
    return { is: 'assertion', at: next === 'b' ? 'word_border' : 'no_word_border' };
  }
  return escapedCharacters(reader);
}

/** What may follow a backslash inside a set and outside. */
function escapedCharacters(reader: Reader): Extract<Pattern, { is: 'characters' }> {
  const character = take(reader);
  const known = classes().get(character);
  if (known !== undefined) return known;
  const control = CONTROL.get(character);
  if (control !== undefined) return point(control);
  if (character === 'x') return point(hexadecimal(reader, 2));
  if (character === 'u' && reader.grammar === 'unicode') return point(codePoint(reader));
  if (character === 'u') return point(hexadecimal(reader, 4));
  if (SYNTAX.has(character) || (reader.grammar === 'units' && !/[0-9A-Za-z]/.test(character)))
    return literal(character);
  return broken(`\\${character} is not supported`);
}

function set(reader: Reader): Pattern {
  const negated = taken(reader, '^');
  const ranges: Range[] = [];
  while (!taken(reader, ']')) {
    const from = member(reader);
    if (peek(reader) === '-' && reader.points[reader.at + 1] !== ']') {
      reader.at += 1;
      ranges.push(range(from, member(reader)));
    } else ranges.push(...from);
  }
  return characters(ranges, negated);
}

function member(reader: Reader): readonly Range[] {
  const character = take(reader);
  return character === '\\' ? escapedCharacters(reader).ranges : literal(character).ranges;
}

function range(low: readonly Range[], high: readonly Range[]): Range {
  const [from, to] = [single(low), single(high)];
  return from <= to ? { from, to } : broken('a range runs backwards');
}

/** The one character; every class, such as `\d`, begins with a range of several. */
function single([first]: readonly Range[]): number {
  if (first === undefined || first.from < first.to) return broken('a range goes from one character to another');
  return first.from;
}

function repeated(reader: Reader, item: Pattern): Pattern {
  const bounds = quantifier(reader);
  if (bounds === undefined) return item;
  if (item.is === 'assertion') return broken('an anchor cannot be repeated');
  // Asking for the shortest match changes what is matched, never whether anything is.
  taken(reader, '?');
  if (quantifier(reader) !== undefined) return broken('a repetition cannot be repeated; put it in a group');
  return { is: 'repeat', item, ...bounds };
}

function quantifier(reader: Reader): { readonly min: number; readonly max: number } | undefined {
  if (taken(reader, '*')) return { min: 0, max: Number.POSITIVE_INFINITY };
  if (taken(reader, '+')) return { min: 1, max: Number.POSITIVE_INFINITY };
  if (taken(reader, '?')) return { min: 0, max: 1 };
  return taken(reader, '{') ? countedBounds(reader) : undefined;
}

function countedBounds(reader: Reader): { readonly min: number; readonly max: number } {
  const min = integer(reader);
  let max = min;
  if (taken(reader, ',')) max = peek(reader) === '}' ? Number.POSITIVE_INFINITY : integer(reader);
  if (!taken(reader, '}')) return broken('a repetition count is {2}, {2,} or {2,5}');
  return min <= max ? { min, max } : broken('a repetition count has its smaller number first');
}

function integer(reader: Reader): number {
  let digits = '';
  for (let next = peek(reader); next !== undefined && next >= '0' && next <= '9'; next = peek(reader)) {
    digits += take(reader);
  }
  if (digits === '') return broken('a repetition count is {2}, {2,} or {2,5}');
  const count = Number(digits);
  return count <= MAX_REPETITIONS ? count : broken(`a repetition count is at most ${MAX_REPETITIONS}`);
}

function hexadecimal(reader: Reader, length: number): number {
  const digits = reader.points.slice(reader.at, reader.at + length).join('');
  reader.at += length;
  const valid = digits.length === length && /^[0-9A-Fa-f]+$/.test(digits);
  return valid ? Number.parseInt(digits, 16) : broken(`a character's code has ${length} hexadecimal digits`);
}

/** What follows `\\u` where two halves of a surrogate pair, written one after the other, are one character. */
function codePoint(reader: Reader): number {
  if (taken(reader, '{')) return bracedHexadecimal(reader);
  const first = hexadecimal(reader, 4);
  const rest = reader.points.slice(reader.at, reader.at + LOW_HALF_LENGTH).join('');
  if (first < 0xd800 || first > 0xdbff || !LOW_HALF.test(rest)) return first;
  reader.at += LOW_HALF_LENGTH;
  const low = Number.parseInt(rest.slice(2), 16);
  return 0x10000 + (first - 0xd800) * 0x400 + (low - 0xdc00);
}

function bracedHexadecimal(reader: Reader): number {
  let digits = '';
  while (!taken(reader, '}')) digits += take(reader);
  const code = /^[0-9A-Fa-f]{1,6}$/.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
  return code <= 0x10ffff ? code : broken('a code point is written as in \\u{1f600}');
}

function literal(character: string): Extract<Pattern, { is: 'characters' }> {
  return point(character.codePointAt(0) ?? 0);
}

function point(code: number): Extract<Pattern, { is: 'characters' }> {
  return characters([{ from: code, to: code }]);
}

function peek(reader: Reader): string | undefined {
  return reader.points[reader.at];
}

function take(reader: Reader): string {
  const character = peek(reader);
  if (character === undefined) return broken('the pattern ends too early');
  reader.at += 1;
  return character;
}

function taken(reader: Reader, character: string): boolean {
  if (peek(reader) !== character) return false;
  reader.at += 1;
  return true;
}
