import { cannotCarry } from '../report.ts';

/** Where a pattern is being read, and whether upper and lower case count. */
interface Reader {
  readonly points: readonly string[];
  readonly ignoresCase: boolean;
  readonly names: Set<string>;
  at: number;
}

/** White space and word characters as RE2 has them. */
const SPACE = '\\t\\n\\f\\r ';
const WORD = '0-9A-Za-z_';
/** What folds to letters of ASCII: the long s and the Kelvin sign. */
const FOLDED: Readonly<Record<string, string>> = { s: '\\u017f', k: '\\u212a' };
const PASSED = new Set([...'dDbBnrtfv']);
const SPECIAL = new Set([...'^$\\.*+?()[]{}|/-']);

/** A pattern of RE2, which Unleash uses, as one that finds the same here. */
export function patternOf(source: string, ignoresCase: boolean): string {
  const reader: Reader = { points: [...source], ignoresCase, names: new Set(), at: 0 };
  let pattern = '';
  let isRepeated = false;
  while (reader.at < reader.points.length) {
    const start = reader.at;
    const part = partOf(reader);
    const repeats = '*+?{'.includes(reader.points[start] ?? '');
    if (repeats && isRepeated) return refused(source, 'what is repeated is repeated again');
    isRepeated = repeats;
    pattern += part;
  }
  return pattern;
}

function refused(source: string, problem: string): never {
  return cannotCarry(`the pattern ${source} cannot be used here: ${problem}`);
}

function partOf(reader: Reader): string {
  const character = take(reader);
  if (character === '.') return '[^\\n]';
  if (character === '\\') return escapedOf(reader);
  if (character === '[') return setOf(reader);
  if (character === '(') return groupOf(reader);
  if ('*+?'.includes(character)) return `${character}${taken(reader, '?') ? '?' : ''}`;
  if (character === '{') return countOf(reader);
  if (character === ']' || character === '}') return `\\${character}`;
  return '^$|)'.includes(character) ? character : literalOf(reader, character);
}

function take(reader: Reader): string {
  const character = reader.points[reader.at] ?? refused(reader.points.join(''), 'it ends too early');
  reader.at += 1;
  return character;
}

function taken(reader: Reader, character: string): boolean {
  if (reader.points[reader.at] !== character) return false;
  reader.at += 1;
  return true;
}

function rest({ points, at }: Reader): string {
  return points.slice(at).join('');
}

function skip(reader: Reader, text: string): void {
  reader.at += [...text].length;
}

function countOf(reader: Reader): string {
  const [found] = /^\d+(?:,\d*)?\}\??/.exec(rest(reader)) ?? [];
  if (found === undefined) return refused(reader.points.join(''), 'a brace that counts nothing');
  skip(reader, found);
  return `{${found}`;
}

function groupOf(reader: Reader): string {
  if (!rest(reader).startsWith('?')) return '(';
  const [found, name = ''] = /^\?(?::|P?<(\w+)>)/.exec(rest(reader)) ?? [];
  if (found === undefined) return refused(reader.points.join(''), 'flags inside a pattern');
  if (name !== '' && reader.names.has(name)) return refused(reader.points.join(''), `two groups are called ${name}`);
  reader.names.add(name);
  skip(reader, found);
  return '(?:';
}

function escapedOf(reader: Reader): string {
  const character = take(reader);
  if (character === 's') return `[${SPACE}]`;
  if (character === 'S') return `[^${SPACE}]`;
  if (character === 'w') return `[${wordOf(reader)}]`;
  if (character === 'W') return `[^${wordOf(reader)}]`;
  if (character === 'A') return '^';
  if (character === 'z') return '$';
  return PASSED.has(character) ? `\\${character}` : literalOf(reader, pointOf(reader, character));
}

function wordOf({ ignoresCase }: Reader): string {
  return ignoresCase ? `${WORD}\\u017f\\u212a` : WORD;
}

/** The character that a backslash and what follows it stand for. */
function pointOf(reader: Reader, escaped: string): string {
  if (escaped === 'a') return '\u0007';
  if (escaped === 'x') {
    const [found, two, more] = /^(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(rest(reader)) ?? [];
    const point = Number.parseInt(two ?? more ?? '', 16);
    if (found === undefined || point > 0x10ffff) return refused(reader.points.join(''), 'an unreadable \\x');
    skip(reader, found);
    return String.fromCodePoint(point);
  }
  return /^[!-/:-@[-`{-~]$/.test(escaped) ? escaped : refused(reader.points.join(''), `\\${escaped}`);
}

function literalOf(reader: Reader, character: string): string {
  const all = casesOf(reader, character);
  return all.length === 1 ? quoted(character) : `[${all.join('')}]`;
}

function quoted(character: string): string {
  if (SPECIAL.has(character)) return `\\${character}`;
  const point = character.codePointAt(0) ?? 0;
  return point < 0x20 ? `\\x${point.toString(16).padStart(2, '0')}` : character;
}

/** A character in all the cases that count as the same. */
function casesOf({ ignoresCase, points }: Reader, character: string): readonly string[] {
  if (!ignoresCase) return [quoted(character)];
  if (character > '\u007f') return refused(points.join(''), 'it ignores the case of what is not ASCII');
  const lower = character.toLowerCase();
  const upper = character.toUpperCase();
  if (lower === upper) return [quoted(character)];
  return [lower, upper, ...(FOLDED[lower] === undefined ? [] : [FOLDED[lower]])];
}

function setOf(reader: Reader): string {
  let set = taken(reader, '^') ? '[^' : '[';
  for (let isFirst = true; isFirst || !taken(reader, ']'); isFirst = false) set += memberOf(reader, isFirst);
  return `${set}]`;
}

function memberOf(reader: Reader, isFirst: boolean): string {
  const source = reader.points.join('');
  if (/^\[:/.test(rest(reader))) return refused(source, 'a named class');
  const character = take(reader);
  if (character === '-' && !isFirst && !rest(reader).startsWith(']')) return refused(source, 'a hyphen amid a set');
  if (character !== '\\') return rangeOf(reader, character);
  const escaped = take(reader);
  if (escaped === 's') return SPACE;
  if (escaped === 'w') return wordOf(reader);
  if (escaped === 'd') return '0-9';
  if ('nrtfv'.includes(escaped)) return `\\${escaped}`;
  return 'SWDbB'.includes(escaped)
    ? refused(source, `\\${escaped} in a set`)
    : rangeOf(reader, pointOf(reader, escaped));
}

function rangeOf(reader: Reader, from: string): string {
  const isRange = rest(reader).startsWith('-') && !rest(reader).startsWith('-]');
  if (!isRange) return casesOf(reader, from).join('');
  take(reader);
  const next = take(reader);
  const to = next === '\\' ? pointOf(reader, take(reader)) : next;
  const plain = `${quoted(from)}-${quoted(to)}`;
  if (!reader.ignoresCase) return plain;
  const letters = /^[a-z]$/.test(from) && /^[a-z]$/.test(to);
  const capitals = /^[A-Z]$/.test(from) && /^[A-Z]$/.test(to);
  if (/^[0-9]$/.test(from) && /^[0-9]$/.test(to)) return plain;
  if (!letters && !capitals) return refused(reader.points.join(''), 'it ignores case in a range of more than letters');
  const folded = Object.entries(FOLDED).filter(
    ([letter]) => letter >= from.toLowerCase() && letter <= to.toLowerCase(),
  );
  const both = `${from.toLowerCase()}-${to.toLowerCase()}${from.toUpperCase()}-${to.toUpperCase()}`;
  return `${both}${folded.map(([, point]) => point).join('')}`;
}
