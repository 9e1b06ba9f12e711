import {
  casesOf,
  foldedRange,
  invalid,
  NO_DIGIT,
  NO_SPACE,
  noWordOf,
  pointOf,
  quoted,
  type Reader,
  refused,
  rest,
  SPACE,
  skip,
  take,
  taken,
  wordOf,
} from './pattern-reader.ts';

/** A set in brackets, of which the first is taken already. */
export function setOf(reader: Reader): string {
  let set = taken(reader, '^') ? '[^' : '[';
  for (let isFirst = true; isFirst || !taken(reader, ']'); isFirst = false) set += memberOf(reader);
  return `${set}]`;
}

function memberOf(reader: Reader): string {
  const named = namedOf(reader);
  if (named !== undefined) return named;
  const character = take(reader);
  if (character !== '\\') return rangeOf(reader, character);
  const escaped = take(reader);
  const known = Object.hasOwn(CLASSES, escaped) ? CLASSES[escaped] : undefined;
  if (known !== undefined) return known(reader);
  return 'pPQE'.includes(escaped)
    ? refused(reader, `\\${escaped} in a set`)
    : rangeOf(reader, pointOf(reader, escaped));
}

const CLASSES: Readonly<Record<string, (reader: Reader) => string>> = {
  s: () => SPACE,
  S: () => NO_SPACE,
  d: () => '0-9',
  D: () => NO_DIGIT,
  w: wordOf,
  W: noWordOf,
};

const NAMED: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/** A class such as `[:alpha:]`. */
function namedOf(reader: Reader): string | undefined {
  const [found, name = ''] = /^\[:(.*?):\]/s.exec(rest(reader)) ?? [];
  if (rest(reader).startsWith('[:]')) return refused(reader, 'a class without a name');
  if (found === undefined) return undefined;
  if (name.startsWith('^')) return refused(reader, `the class ${found}`);
  skip(reader, found);
  const members = Object.hasOwn(NAMED, name) ? (NAMED[name] ?? invalid()) : invalid();
  return reader.ignoresCase && LETTERED.has(name) ? `${members}${foldedRange('a', 'z')}` : members;
}

/** Those with letters of which one case is not enough when case is ignored. */
const LETTERED = new Set(['alnum', 'alpha', 'ascii', 'graph', 'lower', 'print', 'upper', 'word']);

function rangeOf(reader: Reader, from: string): string {
  const isRange = rest(reader).startsWith('-') && !rest(reader).startsWith('-]');
  if (!isRange) return casesOf(reader, from).join('');
  take(reader);
  const next = take(reader);
  const to = next === '\\' ? pointOf(reader, take(reader)) : next;
  if ((to.codePointAt(0) ?? 0) < (from.codePointAt(0) ?? 0)) return invalid();
  const plain = `${quoted(from)}-${quoted(to)}`;
  if (!reader.ignoresCase) return plain;
  if (to > LAST_OF_ASCII) return refused(reader, 'it ignores case in a range of more than ASCII');
  return `${plain}${foldedWithin(from, to, 'a', 'z')}${foldedWithin(from, to, 'A', 'Z')}`;
}

const LAST_OF_ASCII = '\u007f';

/** The letters from `first` to `last` that a range has, in both cases. */
function foldedWithin(from: string, to: string, first: string, last: string): string {
  const low = from > first ? from : first;
  const high = to < last ? to : last;
  return low <= high ? foldedRange(low, high) : '';
}
