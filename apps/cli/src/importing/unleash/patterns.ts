import {
  casesOf,
  InvalidPattern,
  invalid,
  pointOf,
  type Reader,
  refused,
  rest,
  SPACE,
  skip,
  take,
  taken,
  wordOf,
} from './pattern-reader.ts';
import { setOf } from './pattern-sets.ts';

/**
 * A pattern of RE2, which Unleash uses, as one that finds the same here; undefined for one that RE2 itself refuses, in
 * which Unleash finds nothing.
 */
export function patternOf(source: string, ignoresCase: boolean): string | undefined {
  const reader: Reader = {
    points: [...source],
    ignoresCase,
    isDotAll: false,
    isByLine: false,
    names: new Set(),
    depth: 0,
    at: 0,
  };
  try {
    const pattern = alternativesOf(reader);
    if (reader.at < reader.points.length) return undefined;
    return timesIn(source) > MOST_TIMES ? refused(reader, 'its counts come to more than RE2 may take') : pattern;
  } catch (error) {
    if (error instanceof InvalidPattern) return undefined;
    throw error;
  }
}

/** Up to the end, or to the parenthesis that closes the group; flags that are set within end with it. */
function alternativesOf(reader: Reader): string {
  const { ignoresCase, isDotAll, isByLine } = reader;
  let pattern = '';
  let isAtStart = true;
  let before: 'nothing' | 'something' | 'a repetition' | 'flags' = 'nothing';
  while (reader.at < reader.points.length && reader.points[reader.at] !== ')') {
    const repetition = repetitionOf(reader);
    if (repetition !== undefined) {
      if (before === 'flags') return refused(reader, 'flags are repeated');
      if (before !== 'something') return invalid();
    }
    const isOr = reader.points[reader.at] === '|';
    const part: string = repetition ?? lineEdgeOf(reader, isAtStart) ?? partOf(reader);
    pattern += part;
    isAtStart = isOr || (isAtStart && part === '');
    before = repetition !== undefined ? 'a repetition' : isOr ? 'nothing' : part === '' ? 'flags' : 'something';
  }
  Object.assign(reader, { ignoresCase, isDotAll, isByLine });
  return pattern;
}

/**
 * Where lines begin and end. Nothing here looks at a character without taking it, which makes no difference only where
 * nothing else of the pattern comes before, or after: the question is whether there is a match, not where it ends.
 */
function lineEdgeOf(reader: Reader, isAtStart: boolean): string | undefined {
  const character = reader.points[reader.at] ?? '';
  if (!reader.isByLine || !'^$'.includes(character)) return undefined;
  const isAtEnd = [undefined, '|'].includes(reader.points[reader.at + 1]);
  if (reader.depth > 0 || !(character === '^' ? isAtStart : isAtEnd))
    return refused(reader, 'it looks at lines inside');
  take(reader);
  return repetitionOf(reader) === undefined
    ? `(?:${character}|\\n)`
    : refused(reader, 'the edge of a line is repeated');
}

const MOST_TIMES = 1_000;

/** How often a part may have to be repeated, if all counts stood within one another. */
function timesIn(source: string): number {
  const counts = [...source.matchAll(/\{(\d+)(?:,(\d*))?\}/g)];
  return counts.reduce((product, [, least, most]) => product * Math.max(1, Number(most || least)), 1);
}

/** `*`, `+`, `?` or a count; a brace that counts nothing stands for itself. */
function repetitionOf(reader: Reader): string | undefined {
  const [found, operator, least, isOpen, most] = /^(?:([*+?])|\{(\d+)(,)?(\d+)?\})\??/.exec(rest(reader)) ?? [];
  if (found === undefined || (operator === undefined && most !== undefined && isOpen === undefined)) return undefined;
  skip(reader, found);
  if (operator !== undefined) return found;
  const [from, to] = [Number(least), Number(most ?? least)];
  return from > MOST_TIMES || to > MOST_TIMES || to < from ? invalid() : found;
}

function partOf(reader: Reader): string {
  const character = take(reader);
  if (character === '.') return reader.isDotAll ? '[\\x00-\\u{10ffff}]' : '[^\\n]';
  if (character === '\\') return escapedOf(reader);
  if (character === '[') return setOf(reader);
  if (character === '(') return groupOf(reader);
  return '^$|'.includes(character) ? character : literalOf(reader, character);
}

function groupOf(reader: Reader): string {
  if (!rest(reader).startsWith('?')) return closed(reader);
  const [named, name = ''] = /^\?P?<(\w+)>/.exec(rest(reader)) ?? [];
  if (named !== undefined) {
    if (reader.names.has(name)) return invalid();
    reader.names.add(name);
    skip(reader, named);
    return closed(reader);
  }
  const [flagged, on = '', off = '', end] = /^\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(rest(reader)) ?? [];
  if (flagged === undefined) return invalid();
  skip(reader, flagged);
  const { ignoresCase, isDotAll, isByLine } = reader;
  if (on.includes('i')) reader.ignoresCase = true;
  if (off.includes('i')) reader.ignoresCase = false;
  if (on.includes('s')) reader.isDotAll = true;
  if (off.includes('s')) reader.isDotAll = false;
  if (on.includes('m')) reader.isByLine = true;
  if (off.includes('m')) reader.isByLine = false;
  if (end === ')') return '';
  const group = closed(reader);
  Object.assign(reader, { ignoresCase, isDotAll, isByLine });
  return group;
}

function closed(reader: Reader): string {
  reader.depth += 1;
  const inside = alternativesOf(reader);
  reader.depth -= 1;
  return taken(reader, ')') ? `(?:${inside})` : invalid();
}

const PASSED = new Set([...'dDbBnrtfv']);

function escapedOf(reader: Reader): string {
  const character = take(reader);
  if (character === 's') return `[${SPACE}]`;
  if (character === 'S') return `[^${SPACE}]`;
  if (character === 'w') return `[${wordOf(reader)}]`;
  if (character === 'W') return `[^${wordOf(reader)}]`;
  if (character === 'A') return '^';
  if (character === 'z') return '$';
  if (character === 'Q') return verbatimOf(reader);
  if ('CpPE'.includes(character)) return refused(reader, `\\${character}`);
  return PASSED.has(character) ? `\\${character}` : literalOf(reader, pointOf(reader, character));
}

/** Up to `\E` or the end, each character stands for itself. */
function verbatimOf(reader: Reader): string {
  const [found = '', inside = ''] = /^(.*?)(?:\\E|$)/s.exec(rest(reader)) ?? [];
  skip(reader, found);
  return [...inside].map((character) => literalOf(reader, character)).join('');
}

function literalOf(reader: Reader, character: string): string {
  const all = casesOf(reader, character);
  return all.length === 1 ? (all[0] ?? '') : `[${all.join('')}]`;
}
