import { broken } from '../../broken.ts';
import { md5Of } from '../../bucketing/algorithms/md5.ts';
import type { Test } from '../../conditions/operators.ts';
import type { Json } from '../../json.ts';
import { type Matches, objectOf } from '../composite.ts';
import { listOf, numberOf, ownField, textOf } from '../fields.ts';
import type { Written } from '../imported.ts';
import { compileOperator } from './operators.ts';

/** An environment's own words, which conditions may ask for. */
interface Environment {
  readonly key: string;
  readonly name: Json | undefined;
}

type ReadOf = (identity: unknown) => unknown;

/**
 * `{environment: {key, name}}` with `segment: {key, rules}` or `bucket: {key, from, below}` in percent. Contexts are
 * identities: `{identifier, traits}`, and `key` where it is not the environment's and the identifier; without either
 * nothing holds.
 */
export function flagsmithTest(written: Written): Test {
  const { key, name } = objectOf(written.environment, 'environment');
  const environment = { key: textOf(key, 'key'), name };
  const { segment, bucket } = written;
  const holds =
    segment === undefined
      ? compileBucket(objectOf(bucket, 'bucket'), environment)
      : compileSegment(objectOf(segment, 'segment'), environment);
  return (context) => {
    try {
      return isSomebody(context) && holds(context);
    } catch {
      // A trait that cannot become text.
      return false;
    }
  };
}

function isSomebody(context: unknown): boolean {
  return isPresent(ownField(context, 'identifier')) || isPresent(ownField(context, 'key'));
}

const MODULUS = 9_999;

/** From 0 to below 100; whoever would be at 100 is hashed with everything said once more. */
export function flagsmithPercentageOf(parts: readonly unknown[]): number {
  for (let all = parts; ; all = [...all, ...parts]) {
    const remainder = md5Of(all.join(',')).reduce((sum, byte) => (sum * 256 + byte) % MODULUS, 0);
    const percentage = (remainder / (MODULUS - 1)) * 100;
    if (percentage !== 100) return percentage;
  }
}

function compileBucket(source: Written, environment: Environment): Matches {
  const key = textOf(source.key, 'key');
  const from = numberOf(source.from, 'from');
  const below = numberOf(source.below, 'below');
  return (identity) => {
    const percentage = flagsmithPercentageOf([key, identityKeyOf(identity, environment)]);
    return percentage >= from && percentage < below;
  };
}

function identityKeyOf(identity: unknown, environment: Environment): unknown {
  return ownField(identity, 'key') || `${environment.key}_${ownField(identity, 'identifier')}`;
}

function compileSegment(source: Written, environment: Environment): Matches {
  const key = textOf(source.key, 'key');
  const rules = listOf(source.rules, 'rules').map((rule) => compileRule(objectOf(rule, 'a rule'), key, environment));
  return (identity) => rules.length > 0 && rules.every((holds) => holds(identity));
}

function compileRule(source: Written, segment: string, environment: Environment): Matches {
  const type = textOf(source.type, 'type');
  const conditions = listOf(source.conditions, 'conditions').map((condition) =>
    compileCondition(objectOf(condition, 'a condition'), segment, environment),
  );
  const rules = listOf(source.rules, 'rules').map((rule) =>
    compileRule(objectOf(rule, 'a rule'), segment, environment),
  );
  const own = combined(type, conditions);
  const inner = combined(type, rules);
  return (identity) => own(identity) && inner(identity);
}

/** Of nothing, whatever the type, all is well. */
function combined(type: string, parts: readonly Matches[]): Matches {
  if (parts.length === 0) return () => true;
  if (type === 'ALL') return (identity) => parts.every((holds) => holds(identity));
  if (type === 'ANY') return (identity) => parts.some((holds) => holds(identity));
  if (type === 'NONE') return (identity) => !parts.some((holds) => holds(identity));
  return broken(`the type ${type} of a Flagsmith rule is not known`);
}

/** `{property, operator, value}`, and where the property was looked up beforehand, what was found there as `given`. */
function compileCondition(source: Written, segment: string, environment: Environment): Matches {
  const { property = '', value = null } = source;
  const operator = textOf(source.operator, 'operator');
  const name = property === null ? '' : textOf(property, 'property');
  const { given } = source;
  if (operator === 'PERCENTAGE_SPLIT') {
    return splitTest(given === undefined ? splitReader(name) : () => given, value, segment, environment);
  }
  if (name === '') return () => false;
  const read: ReadOf = given === undefined ? traitReader(name, environment) : () => given;
  if (operator === 'IS_SET') return (identity) => isPresent(read(identity));
  if (operator === 'IS_NOT_SET') return (identity) => !isPresent(read(identity));
  const holds = compileOperator(operator, value);
  return (identity) => {
    const trait = read(identity);
    return isPresent(trait) && holds(trait);
  };
}

type ReadPlace = (identity: unknown, environment: Environment) => unknown;

/** The identity's key, or a place of the context; a trait's mere name is none. */
function splitReader(property: string): ReadPlace | undefined {
  return property === '' ? CONTEXT_PLACES['$.identity.key'] : contextReader(property);
}

function splitTest(read: ReadPlace | undefined, value: Json, segment: string, environment: Environment): Matches {
  const upTo = Number.parseFloat(String(value));
  return (identity) => {
    const key = read?.(identity, environment);
    return Boolean(key) && flagsmithPercentageOf([segment, key]) <= upTo;
  };
}

const CONTEXT_PLACES: Readonly<Record<string, ReadPlace>> = {
  '$.identity.identifier': (identity) => ownField(identity, 'identifier'),
  '$.identity.key': identityKeyOf,
  '$.environment.key': (_, { key }) => key,
  '$.environment.name': (_, { name }) => name,
};

const TRAIT = /^\$\.identity\.traits(?:\.(.+)|\['(.+)'\])$/;

function contextReader(property: string): ReadPlace | undefined {
  if (Object.hasOwn(CONTEXT_PLACES, property)) return CONTEXT_PLACES[property];
  const name = traitNameIn(property);
  return name === undefined ? undefined : (identity) => traitOf(identity, name);
}

const PATH_TO_TRAIT = /^\$\.identity\.traits\["(.+)"\]$/;

function traitReader(property: string, environment: Environment): ReadOf {
  const read = contextReader(property);
  if (read !== undefined) return (identity) => read(identity, environment);
  const [, name] = PATH_TO_TRAIT.exec(property) ?? [];
  return name === undefined
    ? (identity) => traitOf(identity, property)
    : (identity) => plainTraitOf(identity, name) ?? traitOf(identity, property);
}

/** Paths that engines walk lead to single values only; all else is looked for under the path as a trait's name. */
function plainTraitOf(identity: unknown, name: string): unknown {
  const trait = traitOf(identity, name);
  return typeof trait === 'object' ? undefined : trait;
}

function traitNameIn(property: string): string | undefined {
  const [, dotted, bracketed] = TRAIT.exec(property) ?? [];
  return dotted ?? bracketed;
}

function traitOf(identity: unknown, name: string): unknown {
  return ownField(ownField(identity, 'traits'), name);
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}
