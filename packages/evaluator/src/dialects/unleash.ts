import { broken } from '../broken.ts';
import { lowBytesOf, murmur3Of } from '../bucketing/algorithms/murmur3.ts';
import { parseInstant } from '../conditions/instants.ts';
import type { Test } from '../conditions/operators.ts';
import type { EvaluationContext } from '../evaluation.ts';
import type { Json } from '../json.ts';
import { once } from '../once.ts';
import { compilePattern } from '../patterns/pattern.ts';
import { type Address, isInside, isSameAddress, parseV4, parseV6 } from './addresses.ts';
import { numberOf, ownField, textOf, textsOf } from './fields.ts';
import type { Written } from './imported.ts';
import { compareStrictVersions, parseStrictVersion } from './strict-versions.ts';

type Read = (context: EvaluationContext) => string | undefined;

const ROLLOUT_SEED = 0;
const VARIANT_SEED = 86_028_157;
const ROLLOUT_WHOLE = 100;

/**
 * One constraint, `{op, field, values | value, inverted, ignore_case}` with the product's own operators, or one question
 * that its strategies ask, `{op: "rollout" | "variant" | "users" | "addresses", …}`. Contexts are
 * `{userId, sessionId, remoteAddress, environment, appName, currentTime, properties}`.
 */
export function unleashTest(written: Written): Test {
  const op = textOf(written.op, 'op');
  const compile = Object.hasOwn(tests(), op) ? tests()[op] : undefined;
  if (compile === undefined) return broken(`the Unleash operator ${op} is not known`);
  const test = compile(written);
  return written.inverted === true ? (context, now) => !test(context, now) : test;
}

const tests = once(
  (): Readonly<Record<string, (written: Written) => Test>> => ({
    IN: (written) => listed(written, true),
    NOT_IN: (written) => listed(written, false),
    STR_STARTS_WITH: onText((actual, expected) => actual.startsWith(expected)),
    STR_ENDS_WITH: onText((actual, expected) => actual.endsWith(expected)),
    STR_CONTAINS: onText((actual, expected) => actual.includes(expected)),
    NUM_EQ: onNumber((actual, expected) => actual === expected),
    NUM_GT: onNumber((actual, expected) => actual > expected),
    NUM_GTE: onNumber((actual, expected) => actual >= expected),
    NUM_LT: onNumber((actual, expected) => actual < expected),
    NUM_LTE: onNumber((actual, expected) => actual <= expected),
    DATE_AFTER: onInstant((actual, expected) => actual > expected),
    DATE_BEFORE: onInstant((actual, expected) => actual < expected),
    SEMVER_EQ: onVersion((order) => order === 0),
    SEMVER_GT: onVersion((order) => order > 0),
    SEMVER_GTE: onVersion((order) => order >= 0),
    SEMVER_LT: onVersion((order) => order < 0),
    SEMVER_LTE: onVersion((order) => order <= 0),
    REGEX: ({ field, value }) => {
      const read = readerOf(field);
      const pattern = compilePattern(textOf(value, 'value'));
      return (context) => {
        const actual = read(context);
        return actual !== undefined && pattern(actual);
      };
    },
    IN_CIDR: inNetworks,
    rollout: rolledOut,
    variant: variantUpTo,
    users: ({ values }) => {
      const users = new Set<unknown>(textsOf(values, 'values'));
      return (context) => users.has(ownField(context, 'userId'));
    },
    addresses: byAddress,
  }),
);

/** A field of the context, else of its properties, as text. SDKs fill in an environment of their own: `default`. */
function readerOf(field: Json | undefined): Read {
  const name = textOf(field, 'field');
  return (context) => {
    const isFilledIn = name === 'environment' && !Object.hasOwn(context, name);
    const value = isFilledIn ? 'default' : (ownField(context, name) ?? ownField(ownField(context, 'properties'), name));
    return value === undefined || value === null ? undefined : String(value);
  };
}

function listed({ field, values, ignore_case: ignoresCase }: Written, isWanted: boolean): Test {
  const read = readerOf(field);
  const folded = (text: string | undefined) => (ignoresCase === true ? text?.toLowerCase() : text);
  const expected = new Set(textsOf(values, 'values').map(folded));
  return (context) => expected.has(folded(read(context))) === isWanted;
}

function onText(holds: (actual: string, expected: string) => boolean) {
  return ({ field, values, ignore_case: ignoresCase }: Written): Test => {
    const read = readerOf(field);
    const texts = textsOf(values, 'values');
    const expected = ignoresCase === true ? texts.map((text) => text.toLowerCase()) : texts;
    return (context) => {
      const found = read(context);
      const actual = ignoresCase === true ? found?.toLowerCase() : found;
      return actual !== undefined && expected.some((text) => holds(actual, text));
    };
  };
}

/** Anything that the language can make a number of is one: blank text is 0. */
function onNumber(holds: (actual: number, expected: number) => boolean) {
  return ({ field, value }: Written): Test => {
    const read = readerOf(field);
    const expected = numberOf(value, 'value');
    return (context) => holds(Number(read(context)), expected);
  };
}

/** Compares the moment that the context names, or the present one. */
function onInstant(holds: (actual: number, expected: number) => boolean) {
  return ({ value }: Written): Test => {
    const expected = numberOf(value, 'value');
    return (context, now) => {
      const given = ownField(context, 'currentTime');
      return holds(given ? instantOf(given) : now, expected);
    };
  };
}

function instantOf(value: unknown): number {
  return typeof value === 'string' ? (parseInstant(value) ?? Number.NaN) : Number(value);
}

function onVersion(holds: (order: number) => boolean) {
  return ({ field, value }: Written): Test => {
    const read = readerOf(field);
    const expected = parseStrictVersion(textOf(value, 'value')) ?? broken('value must be a version of three numbers');
    return (context) => {
      const text = read(context);
      const actual = text === undefined || text.startsWith('v') ? undefined : parseStrictVersion(text);
      return actual !== undefined && holds(compareStrictVersions(actual, expected));
    };
  };
}

function inNetworks({ field, values }: Written): Test {
  const read = readerOf(field);
  const texts = textsOf(values, 'values');
  const v4 = texts.flatMap((text) => parseV4(text) ?? []);
  const v6 = texts.flatMap((text) => parseV6(text) ?? []);
  const within = (address: Address | undefined, networks: readonly Address[]) =>
    address !== undefined && networks.some((each) => isSameAddress(address, each) || isInside(address, each));
  return (context) => {
    const text = read(context);
    return text !== undefined && (within(parseV4(text), v4) || within(parseV6(text), v6));
  };
}

/** The strategy `remoteAddress`: the very text, or an IPv4 network around it. */
function byAddress({ values }: Written): Test {
  const texts = new Set<unknown>(textsOf(values, 'values'));
  const networks = [...texts].flatMap((text) => parseV4(String(text)) ?? []);
  return (context) => {
    const given = ownField(context, 'remoteAddress');
    if (texts.has(given)) return true;
    const address = typeof given === 'string' ? parseV4(given) : undefined;
    return address !== undefined && networks.some((network) => isInside(address, network));
  };
}

/** `by` is `default`, a field, or with `own` a field of the context itself. Who has none of it is random there, last here. */
function rolledOut({ by, own, group, percentage }: Written): Test {
  const name = textOf(by, 'by');
  const below = numberOf(percentage, 'percentage');
  const of = textOf(group, 'group');
  const read = readerOf(name);
  return (context) => {
    const id = name === 'default' ? userOrSession(context) : own === true ? ownField(context, name) : read(context);
    if (!id) return name === 'default' && below >= ROLLOUT_WHOLE;
    const within = of === '' && own !== true ? ownField(context, 'featureToggle') || '' : of;
    return pointOf(`${within}:${id}`, ROLLOUT_SEED, ROLLOUT_WHOLE) <= below;
  };
}

function userOrSession(context: EvaluationContext): unknown {
  return ownField(context, 'userId') || ownField(context, 'sessionId');
}

/** Whether who is bucketed stands at or below `upto` of all weights; who cannot be is random there, last here. */
function variantUpTo({ by, group, total, upto }: Written): Test {
  const name = textOf(by, 'by');
  const whole = numberOf(total, 'total');
  const end = numberOf(upto, 'upto');
  const of = textOf(group, 'group');
  const read = name === 'default' ? stickyOf : readerOf(name);
  return (context) => {
    const id = read(context);
    return id ? pointOf(`${of}:${id}`, VARIANT_SEED, whole) <= end : end >= whole;
  };
}

const STICKY = ['userId', 'sessionId', 'remoteAddress'];

function stickyOf(context: EvaluationContext): string | undefined {
  for (const name of STICKY) {
    const value = ownField(context, name);
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

function pointOf(text: string, seed: number, whole: number): number {
  return (murmur3Of(lowBytesOf(text), seed) % whole) + 1;
}
