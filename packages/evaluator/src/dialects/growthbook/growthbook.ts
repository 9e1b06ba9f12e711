import { broken } from '../../broken.ts';
import { fnv1aOf } from '../../bucketing/algorithms/fnv1a.ts';
import type { Test } from '../../conditions/operators.ts';
import type { Json } from '../../json.ts';
import { listOf, numberOf, ownField, textOf } from '../fields.ts';
import type { Written } from '../imported.ts';
import { compileFields } from './conditions.ts';
import type { Matches } from './operators.ts';

/** Shares of the two generations of GrowthBook's hash. */
const PARTS = { 1: 1_000, 2: 10_000 } as const;

type HashVersion = keyof typeof PARTS;
type Range = readonly [from: number, below: number];

/**
 * One of: `{condition}`; `{bucket}`, see `compileBucket`; `{all: [test, …]}`; `{first: [{when: [test, …], is}, …],
 * otherwise}`, which is what the first says whose tests all hold. Contexts are attributes.
 */
export function growthBookTest(written: Written): Test {
  const matches = compileTest(written);
  return (context) => {
    try {
      return matches(context);
    } catch {
      // An object whose own fields keep it from becoming text; nothing matches it.
      return false;
    }
  };
}

/** 0 to 1 without 1. Version 2 hashes twice, because users of one seed were not independent of those of another. */
export function growthBookBucketOf(seed: string, key: string, version: HashVersion): number {
  const hash = version === 1 ? fnv1aOf(key + seed) : fnv1aOf(String(fnv1aOf(seed + key)));
  return (hash % PARTS[version]) / PARTS[version];
}

function compileTest(written: Written): Matches {
  const { condition, bucket, all, first } = written;
  if (condition !== undefined) return compileFields(condition);
  if (bucket !== undefined) return compileBucket(objectOf(bucket, 'bucket'));
  if (all !== undefined) return allOf(all);
  if (first === undefined) return broken('a GrowthBook test of a kind that is not known');
  const cases = listOf(first, 'first').map((each) => {
    const { when, is } = objectOf(each, 'first');
    return { holds: allOf(when), is: is === true };
  });
  const otherwise = written.otherwise === true;
  return (context) => cases.find(({ holds }) => holds(context))?.is ?? otherwise;
}

function allOf(tests: Json | undefined): Matches {
  const parts = listOf(tests, 'tests').map((test) => compileTest(objectOf(test, 'a test')));
  return (context) => parts.every((holds) => holds(context));
}

/**
 * `{attribute, seed, version, up_to}`: at most there; or `{attribute, seed, version, ranges, index}`: the first range that
 * it stands in is this one, or without `index` any. Who has no such attribute stands nowhere.
 */
function compileBucket(source: Written): Matches {
  const attribute = textOf(source.attribute, 'attribute');
  const seed = textOf(source.seed, 'seed');
  const { version } = source;
  if (version !== 1 && version !== 2) return broken('version must be 1 or 2');
  const isIn = placeTest(source);
  return (context) => {
    const key = ownField(context, attribute);
    return Boolean(key) && isIn(growthBookBucketOf(seed, String(key), version));
  };
}

function placeTest({ up_to: upTo, ranges: written, index }: Written): (point: number) => boolean {
  if (upTo !== undefined) {
    const last = numberOf(upTo, 'up_to');
    return (point) => point <= last;
  }
  const ranges = listOf(written, 'ranges').map((range): Range => {
    const [from, below] = listOf(range, 'a range');
    return [numberOf(from, 'a range'), numberOf(below, 'a range')];
  });
  const place = (point: number) => ranges.findIndex(([from, below]) => point >= from && point < below);
  return index === undefined ? (point) => place(point) >= 0 : (point) => place(point) === index;
}

function objectOf(value: Json | undefined, name: string): Written {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Written)
    : broken(`${name} must be an object`);
}
