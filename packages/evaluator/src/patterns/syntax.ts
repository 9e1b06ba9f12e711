import { once } from '../once.ts';

/** A set of characters, as code points from `from` to `to`, both included. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export type Pattern =
  | { readonly is: 'characters'; readonly ranges: readonly Range[]; readonly negated: boolean }
  | { readonly is: 'assertion'; readonly at: 'start' | 'end' | 'word_border' | 'no_word_border' }
  | { readonly is: 'sequence'; readonly items: readonly Pattern[] }
  | { readonly is: 'choice'; readonly options: readonly Pattern[] }
  | { readonly is: 'repeat'; readonly item: Pattern; readonly min: number; readonly max: number };

type Characters = Extract<Pattern, { is: 'characters' }>;

const LAST_POINT = 0x10ffff;
const one = (point: number): Range => ({ from: point, to: point });
const span = (text: string): Range => ({ from: text.codePointAt(0) ?? 0, to: text.codePointAt(1) ?? 0 });

export const DIGITS: readonly Range[] = [span('09')];
export const WORD: readonly Range[] = [span('az'), span('AZ'), span('09'), one(0x5f)];
/** White space as ECMAScript has it. */
const SPACE: readonly Range[] = [
  { from: 0x09, to: 0x0d },
  one(0x20),
  one(0xa0),
  one(0x1680),
  { from: 0x2000, to: 0x200a },
  { from: 0x2028, to: 0x2029 },
  one(0x202f),
  one(0x205f),
  one(0x3000),
  one(0xfeff),
];
export const LINE_ENDS: readonly Range[] = [one(0x0a), one(0x0d), { from: 0x2028, to: 0x2029 }];

export const characters = (ranges: readonly Range[], negated = false): Characters => ({
  is: 'characters',
  ranges,
  negated,
});

/** `\d`, `\W` and so on by their letter. */
export const classes = once(
  (): ReadonlyMap<string, Characters> =>
    new Map([
      ['d', characters(DIGITS)],
      ['D', characters(complement(DIGITS))],
      ['w', characters(WORD)],
      ['W', characters(complement(WORD))],
      ['s', characters(SPACE)],
      ['S', characters(complement(SPACE))],
    ]),
);

export function includes(ranges: readonly Range[], point: number): boolean {
  for (const { from, to } of ranges) if (point >= from && point <= to) return true;
  return false;
}

/** Of ranges that do not touch, nor reach either end. */
function complement(ranges: readonly Range[]): readonly Range[] {
  const gaps: Range[] = [];
  let next = 0;
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
    gaps.push({ from: next, to: from - 1 });
    next = to + 1;
  }
  return [...gaps, { from: next, to: LAST_POINT }];
}
