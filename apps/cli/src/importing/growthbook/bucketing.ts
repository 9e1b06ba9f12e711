import type { Json } from '@spillway/evaluator';
import { cannotCarry } from '../report.ts';
import { listOf, numberOf, type Source, sourcesOf, textOf } from '../source.ts';
import type { Test } from '../stepwise.ts';

type Range = readonly [number, number];

/** Who of those that a rule is about is in one of its shares; `never` for a hash that GrowthBook does not know. */
export type Share = Test | 'never';

/** Of the filters of a rule all must let a user in. */
export function filtersOf(filters: unknown): readonly Share[] {
  if (!filters) return [];
  return sourcesOf(filters, 'filters').map((filter) => {
    const ranges = rangesOf(filter.ranges, 'the ranges of a filter');
    const seed = textOf(filter.seed, 'the seed of a filter');
    return bucket(filter.attribute, seed, filter.hashVersion || 2, { ranges });
  });
}

/** A value that is forced may be so for a share only; undefined when it is for all. */
export function rolloutOf(rule: Source, flag: string): Share | undefined {
  const { range, coverage } = rule;
  if (!range && coverage === undefined) return undefined;
  if (!range && coverage === 0) return 'never';
  const place = range
    ? { ranges: [rangeOf(range, 'its range')] }
    : { up_to: numberOf(coverage, 'the coverage of a rule') };
  return bucket(rule.hashAttribute, seedOf(rule, flag), rule.hashVersion || 1, { ...fallbackOf(rule), ...place });
}

/** The shares of an experiment's variations, in their order. */
export function variationShares(rule: Source, count: number, weights: unknown, flag: string): readonly Share[] {
  const key = experimentKey(rule, flag);
  const ranges = rule.ranges ? rangesOf(rule.ranges, 'the ranges of an experiment') : rangesBy(rule, count, weights);
  return Array.from({ length: count }, (_, index) =>
    bucket(rule.hashAttribute, seedOf(rule, key), rule.hashVersion || 1, { ...fallbackOf(rule), ranges, index }),
  );
}

export function experimentKey(rule: Source, flag: string): string {
  return rule.key ? textOf(rule.key, 'the key of an experiment') : flag;
}

/** By what those are hashed who lack the attribute, where applications keep assignments. */
function fallbackOf(rule: Source): Readonly<Record<string, Json>> {
  if (!rule.fallbackAttribute || rule.disableStickyBucketing) return {};
  return { fallback: textOf(rule.fallbackAttribute, 'its fallbackAttribute') };
}

/** Where a rule names no fallback, its SDK takes `id` for it when it looks up what was kept, though not when it hashes. */
const BESIDE = { beside: 'id' } as const;

/** What is needed to find an assignment that was kept; undefined where none counts. */
export function stickyOf(rule: Source): Readonly<Record<string, Json>> | undefined {
  if (rule.disableStickyBucketing) return undefined;
  const names = sourcesOf(rule.meta || [], 'the meta of an experiment').map(({ key }) =>
    key === undefined ? '' : String(key),
  );
  const attribute = rule.hashAttribute ? textOf(rule.hashAttribute, 'the attribute that is hashed') : 'id';
  const fallback = fallbackOf(rule);
  return {
    attribute,
    ...fallback,
    ...('fallback' in fallback || attribute === 'id' ? {} : BESIDE),
    version: versionOf(rule.bucketVersion),
    from: versionOf(rule.minBucketVersion),
    names,
  };
}

const MAX_VERSION = 10_000;

function versionOf(value: unknown): number {
  const version = numberOf(value || 0, 'the version of a bucket');
  return Number.isInteger(version) && version >= 0 && version <= MAX_VERSION
    ? version
    : cannotCarry('the version of a bucket is not a whole number');
}

export function namespaceOf(rule: Source): readonly Share[] {
  if (!rule.namespace || rule.filters) return [];
  const [name, ...range] = listOf(rule.namespace, 'its namespace');
  const ranges = [rangeOf(range, 'its namespace')];
  return [
    bucket(rule.hashAttribute, `__${textOf(name, 'the name of a namespace')}`, 1, { ...fallbackOf(rule), ranges }),
  ];
}

function bucket(attribute: unknown, seed: string, version: unknown, place: Readonly<Record<string, Json>>): Share {
  if (version !== 1 && version !== 2) return 'never';
  const by = attribute ? textOf(attribute, 'the attribute that is hashed') : 'id';
  return { bucket: { attribute: by, seed, version, ...place } };
}

function seedOf({ seed }: Source, otherwise: string): string {
  return seed ? textOf(seed, 'the seed of a rule') : otherwise;
}

const CLOSE_TO_ONE: Range = [0.99, 1.01];

/** Weights that do not go with the variations, or do not sum to 1, are equal ones. */
function rangesBy(rule: Source, count: number, given: unknown): readonly Range[] {
  const coverage = rule.coverage === undefined ? 1 : numberOf(rule.coverage, 'the coverage of an experiment');
  const covered = Math.min(1, Math.max(0, coverage));
  const equal = Array.from({ length: count }, () => 1 / count);
  const stated = given ? listOf(given, 'weights').map((weight) => numberOf(weight, 'a weight')) : equal;
  const total = stated.reduce((sum, weight) => sum + weight, 0);
  const isUsable = stated.length === count && total >= CLOSE_TO_ONE[0] && total <= CLOSE_TO_ONE[1];
  let from = 0;
  return (isUsable ? stated : equal).map((weight): Range => {
    const range: Range = [from, from + covered * weight];
    from += weight;
    return range;
  });
}

function rangesOf(source: unknown, name: string): readonly Range[] {
  return Array.isArray(source) ? source.map((range) => rangeOf(range, name)) : cannotCarry(`${name} are not a list`);
}

function rangeOf(source: unknown, name: string): Range {
  const [from, below] = listOf(source, name);
  return [numberOf(from, name), numberOf(below, name)];
}
