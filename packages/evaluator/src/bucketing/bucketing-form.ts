import { broken } from '../broken.ts';
import { type Read, readerOf } from '../conditions/attributes.ts';
import type { Bucketing } from '../snapshot.ts';
import { type Seed, seedOf } from './bucket.ts';

/** How a split finds its part: where the key stands in a context, and the seed, hashed once. */
export interface BucketingForm {
  readonly source: Bucketing;
  readonly read: Read;
  readonly seed: Seed;
}

/** Throws for an algorithm that this version does not know. */
export function checkBucketing({ algorithm }: Bucketing): void {
  if (algorithm !== 'spillway-1') broken(`the bucketing ${String(algorithm)} is not known`);
}

export function compileBucketing(source: Bucketing): BucketingForm {
  return { source, read: readerOf(source.by, source.path), seed: seedOf(source.seed) };
}

/** The flag's bucketing with what a rule says otherwise; whoever names an attribute names its path. */
export function overridden(base: Bucketing, change: Partial<Bucketing>): Bucketing {
  const { algorithm = base.algorithm, by = base.by, seed = base.seed } = change;
  const path = change.path ?? (change.by === undefined ? base.path : undefined);
  return { algorithm, by, seed, ...(path === undefined ? {} : { path }) };
}
