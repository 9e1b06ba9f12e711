import { broken } from '../broken.ts';
import { compileImported } from '../dialects/imported.ts';
import type { EvaluationContext } from '../evaluation.ts';
import type { Json } from '../json.ts';
import { compilePattern } from '../patterns/pattern.ts';
import type { Operator } from '../snapshot.ts';
import type { Read } from './attributes.ts';
import { parseInstant } from './instants.ts';
import { versionTest } from './version-test.ts';

/** Whether a context meets a condition at `now`, in milliseconds since 1970. Never throws for plain data. */
export type Test = (context: EvaluationContext, now: number) => boolean;

type Scalar = string | number | boolean;

/**
 * Every operator: prepares its operands once, gives the test over what `read` finds. Missing, null or a wrong type is
 * false, under negative operators too.
 */
export const OPERATORS: Readonly<Record<Operator, (values: readonly Json[], read: Read) => Test>> = {
  equals: (values, read) => {
    const expected = onlyScalar(values);
    return (context) => read(context) === expected;
  },
  not_equals: (values, read) => {
    const expected = onlyScalar(values);
    const type = typeof expected;
    return (context) => {
      const actual = read(context);
      return typeof actual === type && actual !== expected && isScalar(actual);
    };
  },
  contains: (values, read) => {
    const expected = onlyScalar(values);
    return (context) => containing(read(context), expected) === true;
  },
  not_contains: (values, read) => {
    const expected = onlyScalar(values);
    return (context) => containing(read(context), expected) === false;
  },
  in: (values, read) => oneOf(scalarSet(values), read),
  not_in: (values, read) => {
    const expected = scalarSet(values);
    const types = new Set([...expected].map((value) => typeof value));
    return (context) => {
      const actual = read(context);
      return types.has(typeof actual) && !expected.has(actual) && isScalar(actual);
    };
  },
  greater_than: (values, read) => {
    const bound = onlyNumber(values);
    return (context) => {
      const actual = read(context);
      return isNumber(actual) && actual > bound;
    };
  },
  greater_or_equal: (values, read) => {
    const bound = onlyNumber(values);
    return (context) => {
      const actual = read(context);
      return isNumber(actual) && actual >= bound;
    };
  },
  less_than: (values, read) => {
    const bound = onlyNumber(values);
    return (context) => {
      const actual = read(context);
      return isNumber(actual) && actual < bound;
    };
  },
  less_or_equal: (values, read) => {
    const bound = onlyNumber(values);
    return (context) => {
      const actual = read(context);
      return isNumber(actual) && actual <= bound;
    };
  },
  between: (values, read) => {
    const [low, high] = values;
    if (values.length !== 2 || !isNumber(low) || !isNumber(high)) return broken('between takes two numbers');
    return (context) => {
      const actual = read(context);
      return isNumber(actual) && actual >= low && actual <= high;
    };
  },
  starts_with: (values, read) => {
    const start = onlyText(values);
    return (context) => {
      const actual = read(context);
      return typeof actual === 'string' && actual.startsWith(start);
    };
  },
  ends_with: (values, read) => {
    const end = onlyText(values);
    return (context) => {
      const actual = read(context);
      return typeof actual === 'string' && actual.endsWith(end);
    };
  },
  regex: (values, read) => {
    const pattern = compilePattern(onlyText(values));
    return (context) => {
      const actual = read(context);
      return typeof actual === 'string' && pattern(actual);
    };
  },
  semver_equals: (values, read) => versionTest(onlyText(values), read, false, true, false),
  semver_greater_than: (values, read) => versionTest(onlyText(values), read, false, false, true),
  semver_greater_or_equal: (values, read) => versionTest(onlyText(values), read, false, true, true),
  semver_less_than: (values, read) => versionTest(onlyText(values), read, true, false, false),
  semver_less_or_equal: (values, read) => versionTest(onlyText(values), read, true, true, false),
  before: (values, read) => {
    const bound = onlyInstant(values);
    return (context) => {
      const instant = parseInstant(read(context));
      return instant !== undefined && instant < bound;
    };
  },
  after: (values, read) => {
    const bound = onlyInstant(values);
    return (context) => {
      const instant = parseInstant(read(context));
      return instant !== undefined && instant > bound;
    };
  },
  exists: (values, read) => {
    if (values.length > 0) return broken('exists takes no values');
    return (context) => {
      const actual = read(context);
      return actual !== undefined && actual !== null;
    };
  },
  imported: compileImported,
};

/** The operators that compare text character by character, and so can leave upper and lower case aside. */
export const CASED: ReadonlySet<Operator> = new Set<Operator>([
  ...(['equals', 'not_equals', 'in', 'not_in', 'contains', 'not_contains', 'starts_with', 'ends_with'] as const),
]);

/** A value as it is compared when case does not count. */
export function lowered(value: unknown): unknown {
  return Array.isArray(value) ? value.map(loweredText) : loweredText(value);
}

/**
 * Unicode's default lower-casing, in no particular language. It writes a sigma at the end of a word in another way, which
 * would keep the beginning of a word from being found in the whole.
 */
export function loweredText<T>(value: T): T | string {
  return typeof value === 'string' ? value.toLowerCase().replaceAll('ς', 'σ') : value;
}

function oneOf(expected: ReadonlySet<unknown>, read: Read): Test {
  const [first, second, third] = expected;
  // For a few, comparing is quicker than hashing; equality of a set and `===` agree on everything that can be expected.
  if (expected.size === 1) return (context) => read(context) === first;
  if (expected.size === 2) {
    return (context) => {
      const actual = read(context);
      return actual === first || actual === second;
    };
  }
  if (expected.size === 3) {
    return (context) => {
      const actual = read(context);
      return actual === first || actual === second || actual === third;
    };
  }
  return (context) => expected.has(read(context));
}

export function isNumber(value: unknown): value is number {
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

function onlyInstant(values: readonly Json[]): number {
  return parseInstant(only(values)) ?? broken(`"${String(values[0])}" is not an instant`);
}

function scalarSet(values: readonly Json[]): ReadonlySet<unknown> {
  if (values.length === 0) return broken('the operator takes at least one value');
  return values.every(isScalar) ? new Set<unknown>(values) : broken('the values must be text, numbers or true/false');
}
