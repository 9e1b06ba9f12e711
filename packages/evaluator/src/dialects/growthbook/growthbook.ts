import { broken } from '../../broken.ts';
import { fnv1aOf } from '../../bucketing/algorithms/fnv1a.ts';
import type { Test } from '../../conditions/operators.ts';
import { compileComposite, type Matches, objectOf } from '../composite.ts';
import { listOf, numberOf, ownField, textOf } from '../fields.ts';
import type { Written } from '../imported.ts';
import { compileAssigned, keepsAssignments } from './assigned.ts';
import { compileFields } from './conditions.ts';

/** Shares of the two generations of GrowthBook's hash. */
const PARTS = { 1: 1_000, 2: 10_000 } as const;

type HashVersion = keyof typeof PARTS;
type Range = readonly [from: number, below: number];

/**
 * `{condition}`, `{bucket}` as `compileBucket` takes it, `{assigned}` as `compileAssigned` does, or a composite of them.
 * Contexts are attributes.
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
  return compileComposite(written, compileSingle);
}

function compileSingle({ condition, bucket, assigned }: Written): Matches {
  if (assigned !== undefined) return compileAssigned(objectOf(assigned, 'assigned'), compileTest);
  return condition === undefined ? compileBucket(objectOf(bucket, 'bucket')) : compileFields(condition);
}

/**
 * `{attribute, fallback, seed, version, up_to}`: at most there; or the same with `ranges` and `index`: the first range that
 * it stands in is this one, or without `index` any. Who has no such attribute is hashed by `fallback`, where assignments are
 * kept, or stands nowhere.
 */
function compileBucket(source: Written): Matches {
  const attribute = textOf(source.attribute, 'attribute');
  const fallback = source.fallback === undefined ? undefined : textOf(source.fallback, 'fallback');
  const seed = textOf(source.seed, 'seed');
  const { version } = source;
  if (version !== 1 && version !== 2) return broken('version must be 1 or 2');
  const isIn = placeTest(source);
  return (context) => {
    const own = ownField(context, attribute);
    const key = own || fallback === undefined || !keepsAssignments(context) ? own : ownField(context, fallback);
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
