import { broken } from '../../broken.ts';
import { sha1Of } from '../../bucketing/algorithms/sha1.ts';
import type { Test } from '../../conditions/operators.ts';
import type { EvaluationContext } from '../../evaluation.ts';
import type { Json } from '../../json.ts';
import { once } from '../../once.ts';
import { compileUnitPattern } from '../../patterns/pattern.ts';
import { objectOf } from '../composite.ts';
import { listOf, numberOf, ownField, textOf, textsOf } from '../fields.ts';
import type { Written } from '../imported.ts';
import { compareStrictVersions } from '../strict-versions.ts';
import { asInstant, asNumber, asVersion } from './values.ts';

type Read = (context: EvaluationContext) => unknown;
type Matches = (actual: unknown) => boolean;

/** Sixty bits of the hash, all set. */
const SCALE = 2 ** 60 - 1;
const LOW_BITS = 28;

/**
 * `{op, kind, path, values, negate}`, or `{op: "bucket", kind, path, seed, below}` with `below` from 0 to 1, or `{all: […]}`,
 * `{any: […]}` and `{not: …}` of these. Contexts are `{kind, key, …}`, or of the kind `multi` with one such object for each kind.
 */
export function launchDarklyTest(written: Written): Test {
  const { all, any } = written;
  if (all !== undefined) {
    const parts = partsOf(all, 'all');
    return (context, now) => parts.every((holds) => holds(context, now));
  }
  if (any !== undefined) {
    const parts = partsOf(any, 'any');
    return (context, now) => parts.some((holds) => holds(context, now));
  }
  if (written.not === undefined) return single(written);
  const inner = launchDarklyTest(objectOf(written.not, 'not'));
  return (context, now) => !inner(context, now);
}

function partsOf(value: Json, name: string): readonly Test[] {
  return listOf(value, name).map((part) => launchDarklyTest(objectOf(part, name)));
}

function single(written: Written): Test {
  const read = readerFor(textOf(written.kind, 'kind'), textsOf(written.path, 'path'));
  const op = textOf(written.op, 'op');
  if (op === 'bucket') return bucketTest(read, textOf(written.seed, 'seed'), numberOf(written.below, 'below'));
  const matches = matching(op, listOf(written.values, 'values'));
  const expected = written.negate !== true;
  return (context) => {
    const actual = read(context);
    if (actual === undefined || actual === null) return false;
    return (Array.isArray(actual) ? actual.some(matches) : matches(actual)) === expected;
  };
}

function readerFor(kind: string, path: readonly string[]): Read {
  const [first] = path;
  if (first === undefined) return broken('path must name an attribute');
  if (path.length > 1) return (context) => path.reduce<unknown>(fieldOf, individual(context, kind));
  if (first === 'kind') return kindsOf;
  if (first === 'anonymous') {
    return (context) => {
      const found = individual(context, kind);
      return found === undefined ? undefined : Boolean(ownField(found, 'anonymous'));
    };
  }
  return (context) => ownField(individual(context, kind), first);
}

function fieldOf(value: unknown, field: string): unknown {
  return Array.isArray(value) ? undefined : ownField(value, field);
}

function individual(context: EvaluationContext, kind: string): unknown {
  if (context.kind === 'multi') return kind === 'kind' ? undefined : ownField(context, kind);
  return context.kind === kind ? context : undefined;
}

function kindsOf(context: EvaluationContext): unknown {
  return context.kind === 'multi' ? Object.keys(context).filter((name) => name !== 'kind') : [context.kind];
}

/** Who cannot be hashed stands at 0, which is below every share but none. */
function bucketTest(read: Read, seed: string, below: number): Test {
  return (context) => {
    const value = read(context);
    const isKey = typeof value === 'string' || Number.isInteger(value);
    return (isKey ? pointOf(`${seed}.${String(value)}`) : 0) < below;
  };
}

function pointOf(text: string): number {
  const [high, low] = sha1Of(text);
  return (high * 2 ** LOW_BITS + (low >>> (32 - LOW_BITS))) / SCALE;
}

function matching(op: string, values: readonly Json[]): Matches {
  if (op === 'in') {
    const expected = new Set<unknown>(values);
    // NaN equals itself in a set, and nothing in the product.
    return (actual) => !Number.isNaN(actual) && expected.has(actual);
  }
  const compile = Object.hasOwn(operators(), op) ? operators()[op] : undefined;
  if (compile === undefined) return broken(`the LaunchDarkly operator ${op} is not known`);
  const tests = values.map(compile);
  return (actual) => tests.some((test) => test(actual));
}

const operators = once(
  (): Readonly<Record<string, (expected: Json) => Matches>> => ({
    startsWith: onText((actual, expected) => actual.startsWith(expected)),
    endsWith: onText((actual, expected) => actual.endsWith(expected)),
    contains: onText((actual, expected) => actual.includes(expected)),
    matches: (expected) => {
      if (typeof expected !== 'string') return () => false;
      const pattern = compileUnitPattern(expected);
      return (actual) => typeof actual === 'string' && pattern(actual);
    },
    lessThan: ordered(asNumber, (order) => order < 0),
    lessThanOrEqual: ordered(asNumber, (order) => order <= 0),
    greaterThan: ordered(asNumber, (order) => order > 0),
    greaterThanOrEqual: ordered(asNumber, (order) => order >= 0),
    before: ordered(asInstant, (order) => order < 0),
    after: ordered(asInstant, (order) => order > 0),
    semVerEqual: versions((order) => order === 0),
    semVerLessThan: versions((order) => order < 0),
    semVerGreaterThan: versions((order) => order > 0),
  }),
);

function onText(holds: (actual: string, expected: string) => boolean): (expected: Json) => Matches {
  return (expected) => (actual) =>
    typeof actual === 'string' && typeof expected === 'string' && holds(actual, expected);
}

function ordered(read: (value: unknown) => number | undefined, holds: (order: number) => boolean) {
  return (value: Json): Matches => {
    const expected = read(value);
    return (actual) => {
      const found = read(actual);
      return found !== undefined && expected !== undefined && holds(found - expected);
    };
  };
}

function versions(holds: (order: number) => boolean): (expected: Json) => Matches {
  return (value) => {
    const expected = asVersion(value);
    return (actual) => {
      const found = asVersion(actual);
      return found !== undefined && expected !== undefined && holds(compareStrictVersions(found, expected));
    };
  };
}
