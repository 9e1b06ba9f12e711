import { broken } from '../broken.ts';
import type { Json } from '../json.ts';
import { compilePattern } from '../patterns/pattern.ts';
import type { Operator } from '../snapshot.ts';
import { parseInstant } from './instants.ts';
import { compareVersions, parseVersion, type Version } from './semver.ts';

/** Whether an attribute that is there (neither missing nor null) meets the condition. Never throws. */
export type Test = (actual: unknown) => boolean;

type Scalar = string | number | boolean;

/** Every operator: prepares its operands once, gives the test. A wrong type is false, under negative operators too. */
export const OPERATORS: Readonly<Record<Operator, (values: readonly Json[]) => Test>> = {
  equals: (values) => {
    const expected = onlyScalar(values);
    return (actual) => actual === expected;
  },
  not_equals: (values) => {
    const expected = onlyScalar(values);
    const type = typeof expected;
    return (actual) => typeof actual === type && actual !== expected && isScalar(actual);
  },
  contains: (values) => {
    const expected = onlyScalar(values);
    return (actual) => containing(actual, expected) === true;
  },
  not_contains: (values) => {
    const expected = onlyScalar(values);
    return (actual) => containing(actual, expected) === false;
  },
  in: (values) => {
    const expected = scalarSet(values);
    return (actual) => expected.has(actual);
  },
  not_in: (values) => {
    const expected = scalarSet(values);
    const types = new Set([...expected].map((value) => typeof value));
    return (actual) => types.has(typeof actual) && !expected.has(actual) && isScalar(actual);
  },
  greater_than: (values) => {
    const bound = onlyNumber(values);
    return (actual) => isNumber(actual) && actual > bound;
  },
  greater_or_equal: (values) => {
    const bound = onlyNumber(values);
    return (actual) => isNumber(actual) && actual >= bound;
  },
  less_than: (values) => {
    const bound = onlyNumber(values);
    return (actual) => isNumber(actual) && actual < bound;
  },
  less_or_equal: (values) => {
    const bound = onlyNumber(values);
    return (actual) => isNumber(actual) && actual <= bound;
  },
  between: (values) => {
    const [low, high] = values;
    if (values.length !== 2 || !isNumber(low) || !isNumber(high)) return broken('between takes two numbers');
    return (actual) => isNumber(actual) && actual >= low && actual <= high;
  },
  starts_with: (values) => {
    const start = onlyText(values);
    return (actual) => typeof actual === 'string' && actual.startsWith(start);
  },
  ends_with: (values) => {
    const end = onlyText(values);
    return (actual) => typeof actual === 'string' && actual.endsWith(end);
  },
  regex: (values) => {
    const pattern = compilePattern(onlyText(values));
    return (actual) => typeof actual === 'string' && pattern(actual);
  },
  semver_equals: (values) => againstVersion(values, (order) => order === 0),
  semver_greater_than: (values) => againstVersion(values, (order) => order > 0),
  semver_less_than: (values) => againstVersion(values, (order) => order < 0),
  before: (values) => againstInstant(values, (actual, bound) => actual < bound),
  after: (values) => againstInstant(values, (actual, bound) => actual > bound),
  exists: (values) => (values.length === 0 ? () => true : broken('exists takes no values')),
};

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'boolean' || isNumber(value);
}

/** Text in text, or an element in a list; undefined where the question makes no sense. */
function containing(actual: unknown, expected: Scalar): boolean | undefined {
  if (Array.isArray(actual)) return actual.includes(expected);
  return typeof actual === 'string' && typeof expected === 'string' ? actual.includes(expected) : undefined;
}

function againstVersion(values: readonly Json[], accept: (order: number) => boolean): Test {
  const text = onlyText(values);
  const expected: Version = parseVersion(text) ?? broken(`"${text}" is not a semantic version`);
  return (actual) => {
    const version = typeof actual === 'string' ? parseVersion(actual) : undefined;
    return version !== undefined && accept(compareVersions(version, expected));
  };
}

function againstInstant(values: readonly Json[], accept: (actual: number, bound: number) => boolean): Test {
  const bound = parseInstant(only(values)) ?? broken(`"${String(values[0])}" is not an instant`);
  return (actual) => {
    const instant = parseInstant(actual);
    return instant !== undefined && accept(instant, bound);
  };
}

function only(values: readonly Json[]): Json {
  const [value] = values;
  return values.length === 1 && value !== undefined ? value : broken('the operator takes one value');
}

function onlyScalar(values: readonly Json[]): Scalar {
  const value = only(values);
  return isScalar(value) ? value : broken('the value must be text, a number or true/false');
}

function onlyNumber(values: readonly Json[]): number {
  const value = only(values);
  return isNumber(value) ? value : broken('the value must be a number');
}

function onlyText(values: readonly Json[]): string {
  const value = only(values);
  return typeof value === 'string' ? value : broken('the value must be text');
}

function scalarSet(values: readonly Json[]): ReadonlySet<unknown> {
  if (values.length === 0) return broken('the operator takes at least one value');
  return values.every(isScalar) ? new Set<unknown>(values) : broken('the values must be text, numbers or true/false');
}
