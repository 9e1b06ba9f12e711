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
  const reader: Reader = { points: [...source], ignoresCase, isDotAll: false, names: new Set(), at: 0 };
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
  const { ignoresCase, isDotAll } = reader;
  let pattern = '';
  let before: 'nothing' | 'something' | 'a repetition' | 'flags' = 'nothing';
  while (reader.at < reader.points.length && reader.points[reader.at] !== ')') {
    const repetition = repetitionOf(reader);
    if (repetition !== undefined) {
      if (before === 'flags') return refused(reader, 'flags are repeated');
      if (before !== 'something') return invalid();
    }
    const isOr = reader.points[reader.at] === '|';
    const part = repetition ?? partOf(reader);
    pattern += part;
    before = repetition !== undefined ? 'a repetition' : isOr ? 'nothing' : part === '' ? 'flags' : 'something';
  }
  Object.assign(reader, { ignoresCase, isDotAll });
  return pattern;
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
  if ((on + off).includes('m')) return refused(reader, 'it looks at lines');
  skip(reader, flagged);
  const before = { ignoresCase: reader.ignoresCase, isDotAll: reader.isDotAll };
  if (on.includes('i')) reader.ignoresCase = true;
  if (off.includes('i')) reader.ignoresCase = false;
  if (on.includes('s')) reader.isDotAll = true;
  if (off.includes('s')) reader.isDotAll = false;
  if (end === ')') return '';
  const group = closed(reader);
  Object.assign(reader, before);
  return group;
}

function closed(reader: Reader): string {
  const inside = alternativesOf(reader);
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
