import type { Comparison, Json, Operator } from '@spillway/evaluator';
import { unreadable } from './refusal.ts';
import { isFiniteNumber, isScalar, orderOfVersions, readInstant, readVersion } from './values.ts';

const CASED: readonly Operator[] = [
  ...(['equals', 'not_equals', 'in', 'not_in', 'contains', 'not_contains', 'starts_with', 'ends_with'] as const),
];

/** Refuses what docs/reference/conditions.md does not allow. */
export function requireComparison({ operator, values, ignore_case: ignoresCase }: Comparison): void {
  const operand = OPERANDS[operator];
  const [least, most, check] = operand ?? unreadable(`${operator} is not an operator`);
  if (values.length < least || values.length > most) unreadable(`${operator} does not take ${values.length} values`);
  if (!values.every(check)) unreadable(`${operator} does not take these values`);
  if (ignoresCase === true && !CASED.includes(operator)) unreadable(`${operator} has no case to ignore`);
}

type Check = (value: Json) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => isFiniteNumber(value);
const isVersion: Check = (value) => typeof value === 'string' && readVersion(value) !== undefined;
const isInstant: Check = (value) => readInstant(value) !== undefined;

const OPERANDS: Readonly<Record<Operator, readonly [least: number, most: number, check: Check]>> = {
  equals: [1, 1, isScalar],
  not_equals: [1, 1, isScalar],
  contains: [1, 1, isScalar],
  not_contains: [1, 1, isScalar],
  in: [1, Number.POSITIVE_INFINITY, isScalar],
  not_in: [1, Number.POSITIVE_INFINITY, isScalar],
  greater_than: [1, 1, isNumber],
  greater_or_equal: [1, 1, isNumber],
  less_than: [1, 1, isNumber],
  less_or_equal: [1, 1, isNumber],
  between: [2, 2, isNumber],
  starts_with: [1, 1, isText],
  ends_with: [1, 1, isText],
  regex: [1, 1, isPattern],
  semver_equals: [1, 1, isVersion],
  semver_greater_than: [1, 1, isVersion],
  semver_greater_or_equal: [1, 1, isVersion],
  semver_less_than: [1, 1, isVersion],
  semver_less_or_equal: [1, 1, isVersion],
  before: [1, 1, isInstant],
  after: [1, 1, isInstant],
  exists: [0, 0, () => true],
  // What other products answer is asked of themselves, in tests/dialects.
  imported: [0, 0, () => false],
};

/** The engine's own regular expressions are the measure, of what they share with the subset. */
function isPattern(value: Json): boolean {
  if (typeof value !== 'string' || /\(\?[^:]|\\[pPk1-9]/.test(value)) return false;
  try {
    new RegExp(value, 'u');
    return true;
  } catch {
    return false;
  }
}

/** Whether `actual`, neither missing nor null, meets the comparison. */
export function compares({ operator, values, ignore_case: ignoresCase }: Comparison, actual: unknown): boolean {
  const lower = (value: unknown): unknown => (ignoresCase === true ? lowered(value) : value);
  const found = lower(actual);
  const expected = values.map(lower);
  const [first, second] = expected;
  const sameType = expected.some((value) => typeof value === typeof found) && isScalar(found);
  switch (operator) {
    case 'equals':
    case 'in':
      return expected.some((value) => value === found);
    case 'not_equals':
    case 'not_in':
      return sameType && !expected.some((value) => value === found);
    case 'contains':
      return hasPart(found, first) === true;
    case 'not_contains':
      return hasPart(found, first) === false;
    case 'starts_with':
      return typeof found === 'string' && typeof first === 'string' && found.slice(0, first.length) === first;
    case 'ends_with':
      return typeof found === 'string' && typeof first === 'string' && found.endsWith(first);
    case 'regex':
      return typeof found === 'string' && new RegExp(String(first), 'u').test(found);
    case 'exists':
      return true;
    case 'imported':
      return false;
    case 'between':
      return isFiniteNumber(found) && found >= Number(first) && found <= Number(second);
    case 'greater_than':
      return isFiniteNumber(found) && found > Number(first);
    case 'greater_or_equal':
      return isFiniteNumber(found) && found >= Number(first);
    case 'less_than':
      return isFiniteNumber(found) && found < Number(first);
    case 'less_or_equal':
      return isFiniteNumber(found) && found <= Number(first);
    case 'before':
      return holdsFor(readInstant(found), readInstant(first), (one, other) => one < other);
    case 'after':
      return holdsFor(readInstant(found), readInstant(first), (one, other) => one > other);
    case 'semver_equals':
      return holdsForVersions(found, first, [0]);
    case 'semver_greater_than':
      return holdsForVersions(found, first, [1]);
    case 'semver_greater_or_equal':
      return holdsForVersions(found, first, [0, 1]);
    case 'semver_less_than':
      return holdsForVersions(found, first, [-1]);
    case 'semver_less_or_equal':
      return holdsForVersions(found, first, [-1, 0]);
  }
}

function lowered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => (typeof item === 'string' ? lowered(item) : item));
  return typeof value === 'string' ? value.toLowerCase().split('ς').join('σ') : value;
}

function hasPart(whole: unknown, part: unknown): boolean | undefined {
  if (Array.isArray(whole)) return whole.some((item) => item === part);
  return typeof whole === 'string' && typeof part === 'string' ? whole.includes(part) : undefined;
}

function holdsFor<T>(one: T | undefined, other: T | undefined, holds: (one: T, other: T) => boolean): boolean {
  return one !== undefined && other !== undefined && holds(one, other);
}

function holdsForVersions(one: unknown, other: unknown, orders: readonly number[]): boolean {
  if (typeof one !== 'string' || typeof other !== 'string') return false;
  return holdsFor(readVersion(one), readVersion(other), (a, b) => orders.includes(orderOfVersions(a, b)));
}
