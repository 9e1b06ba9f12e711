import { broken } from '../../broken.ts';
import type { Json } from '../../json.ts';
import { compileUnitPattern } from '../../patterns/pattern.ts';
import type { Matches } from '../composite.ts';
import { listOf, textOf } from '../fields.ts';
import { sortableVersion } from './versions.ts';

/** The operators that hold or not by the value alone; those that hold conditions inside are in `conditions.ts`. */
export const OPERATORS: Readonly<Record<string, (operand: Json) => Matches>> = {
  $eq: (operand) => (value) => value === operand,
  $ne: (operand) => (value) => value !== operand,
  // As ECMAScript orders any two values: null counts as 0, text is ordered as text, text and number as numbers.
  $lt: (operand) => (value) => (value as number) < (operand as number),
  $lte: (operand) => (value) => (value as number) <= (operand as number),
  $gt: (operand) => (value) => (value as number) > (operand as number),
  $gte: (operand) => (value) => (value as number) >= (operand as number),
  $veq: versions((value, expected) => value === expected),
  $vne: versions((value, expected) => value !== expected),
  $vlt: versions((value, expected) => value < expected),
  $vlte: versions((value, expected) => value <= expected),
  $vgt: versions((value, expected) => value > expected),
  $vgte: versions((value, expected) => value >= expected),
  $in: among,
  $nin: (operand) => not(among(operand)),
  $ini: amongFolded,
  $nini: (operand) => not(amongFolded(operand)),
  $inGroup: among,
  $notInGroup: (operand) => not(among(operand)),
  $exists: (operand) => (operand ? isPresent : not(isPresent)),
  $type: (operand) => (value) => typeNameOf(value) === operand,
  $regex: (operand) => found(compileUnitPattern(textOf(operand, '$regex'))),
  $regexi: (operand) => found(compileUnitPattern(textOf(operand, '$regexi'), 'ignored')),
  /** Ours: equal as JSON text, which the operand is; objects of definitions do not keep the order of their fields. */
  $json: (operand) => {
    const text = textOf(operand, '$json');
    return (value) => JSON.stringify(value) === text;
  },
  /** Ours: what stands for an operator that GrowthBook does not know, or cannot use. */
  $never: () => () => false,
};

/** A value that stands where operators may stand is compared loosely, by the type of what is expected. */
export function looselyEqual(expected: Json): Matches {
  if (typeof expected === 'string') return (value) => String(value) === expected;
  if (typeof expected === 'number') return (value) => Number(value) === expected;
  if (typeof expected === 'boolean') return (value) => value !== null && Boolean(value) === expected;
  return expected === null
    ? (value) => value === null
    : broken('lists and objects to compare with are written as $json');
}

export function not(matches: Matches): Matches {
  return (value) => !matches(value);
}

function versions(holds: (value: string, expected: string) => boolean): (operand: Json) => Matches {
  return (operand) => {
    const expected = sortableVersion(operand);
    return (value) => holds(sortableVersion(value), expected);
  };
}

/** Of a list, one of its elements is enough. */
function among(operand: Json): Matches {
  const expected = new Set<unknown>(listOf(operand, 'what is looked for'));
  const has: Matches = (value) => expected.has(value);
  return (value) => (Array.isArray(value) ? value.some(has) : has(value));
}

function amongFolded(operand: Json): Matches {
  const expected = new Set<unknown>(listOf(operand, 'what is looked for').map(folded));
  // Unlike in a set, NaN is not itself.
  const has: Matches = (value) => !Number.isNaN(value) && expected.has(folded(value));
  return (value) => (Array.isArray(value) ? value.some(has) : has(value));
}

function folded(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function typeNameOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function found(pattern: (text: string) => boolean): Matches {
  return (value) => pattern(String(value));
}
