import { cannotCarry } from '../report.ts';
import { numberOf, type Source, sourceOf, sourcesOf, textOf, textsOf } from '../source.ts';
import type { Test } from '../stepwise.ts';
import type { Config } from './model.ts';

interface Comparator {
  readonly comparator: string;
  readonly negate?: true;
  readonly hashed?: true;
  readonly takes: 'text' | 'list' | 'number';
}

/** By their numbers in the config JSON. */
const COMPARATORS: ReadonlyMap<number, Comparator> = new Map([
  ...pair(0, { comparator: 'one_of', takes: 'list' }),
  ...pair(2, { comparator: 'contains', takes: 'list' }),
  [4, { comparator: 'version_one_of', takes: 'list' }],
  [5, { comparator: 'version_not_one_of', takes: 'list' }],
  [6, { comparator: 'version_less', takes: 'text' }],
  [7, { comparator: 'version_less_or_equal', takes: 'text' }],
  [8, { comparator: 'version_greater', takes: 'text' }],
  [9, { comparator: 'version_greater_or_equal', takes: 'text' }],
  [10, { comparator: 'number_equals', takes: 'number' }],
  [11, { comparator: 'number_not_equals', takes: 'number' }],
  [12, { comparator: 'number_less', takes: 'number' }],
  [13, { comparator: 'number_less_or_equal', takes: 'number' }],
  [14, { comparator: 'number_greater', takes: 'number' }],
  [15, { comparator: 'number_greater_or_equal', takes: 'number' }],
  ...pair(16, { comparator: 'one_of', hashed: true, takes: 'list' }),
  // Dates are seconds since 1970.
  [18, { comparator: 'number_less', takes: 'number' }],
  [19, { comparator: 'number_greater', takes: 'number' }],
  ...pair(20, { comparator: 'one_of', hashed: true, takes: 'text' }),
  ...pair(22, { comparator: 'starts_with', hashed: true, takes: 'list' }),
  ...pair(24, { comparator: 'ends_with', hashed: true, takes: 'list' }),
  ...pair(26, { comparator: 'list_contains', hashed: true, takes: 'list' }),
  ...pair(28, { comparator: 'one_of', takes: 'text' }),
  ...pair(30, { comparator: 'starts_with', takes: 'list' }),
  ...pair(32, { comparator: 'ends_with', takes: 'list' }),
  ...pair(34, { comparator: 'list_contains', takes: 'list' }),
]);

function pair(number: number, comparator: Comparator): [number, Comparator][] {
  return [
    [number, comparator],
    [number + 1, { ...comparator, negate: true }],
  ];
}

/** A condition about the user; `within` is what hashes are salted with beside the config's salt. */
export function userTest(source: Source, config: Config, within: string): Test {
  const number = numberOf(source.c, 'the comparator of a condition');
  const known = COMPARATORS.get(number) ?? cannotCarry(`the comparator ${number} is not known`);
  const { comparator, negate, hashed, takes } = known;
  const value = comparisonValue(source, known);
  if (hashed && comparator.endsWith('_with')) for (const each of textsOf(value, 'l')) checkSlice(each);
  return {
    user: {
      attribute: textOf(source.a, 'the attribute of a condition'),
      comparator,
      value: takes === 'text' && comparator === 'one_of' ? [textOf(value, 's')] : value,
      ...(negate ? { negate } : {}),
      ...(hashed ? { salt: `${textOf(config.salt, 'the salt of the config')}${within}` } : {}),
    },
  };
}

function comparisonValue({ s, d, l }: Source, { takes }: Comparator): string | number | readonly string[] {
  if (takes === 'text') return textOf(s, 'the text that a condition compares with');
  if (takes === 'number') return numberOf(d, 'the number that a condition compares with');
  return Array.isArray(l)
    ? textsOf(l, 'what a condition compares with')
    : cannotCarry('a condition compares with nothing');
}

/** How many bytes are hashed, and the hash. */
function checkSlice(value: string): void {
  if (!/^\s*[+-]?\d{1,15}\s*_./s.test(value) || Number(value.split('_')[0]) < 0) {
    cannotCarry(`${JSON.stringify(value)} is not the hash of a beginning or an end`);
  }
}

/**
 * Tests, one of which holds exactly for those in the segment, or for those outside. Who lacks an attribute that is asked
 * for on the way is neither.
 */
export function segmentTests(source: Source, config: Config): readonly (readonly Test[])[] {
  const comparator = numberOf(source.c, 'the comparator of a segment');
  const segment = Array.isArray(config.segments)
    ? config.segments[numberOf(source.s, 'the number of a segment')]
    : undefined;
  const found = sourceOf(segment, 'a segment that it asks for');
  const name = textOf(found.n, 'the name of a segment') || cannotCarry('a segment has no name');
  const tests = sourcesOf(found.r, 'the conditions of a segment').map((condition) => userTest(condition, config, name));
  if (comparator === 0) return [tests.length === 0 ? [SOMEBODY] : tests];
  if (comparator !== 1) return cannotCarry(`the comparator ${comparator} of a segment is not known`);
  return tests.map((test, index) => [...tests.slice(0, index), failing(test)]);
}

/** Even a segment that asks for nothing has nobody in it where there is no user. */
const SOMEBODY: Test = { bucket: { attribute: 'Identifier', key: '', from: 0, below: 100 } };

function failing({ user, ...rest }: Test): Test {
  return { ...rest, user: { ...(user as Test), is: false } };
}
