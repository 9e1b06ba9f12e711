import { SHARE_WHOLE } from '../snapshot.ts';
import { hashText, lanes } from './hash.ts';

const WORD = 2 ** 32;

/** A seed, hashed once. Its lanes are crossed, so that a key equal to the seed is nothing special. */
export interface Seed {
  readonly a: number;
  readonly b: number;
}

export function seedOf(text: string): Seed {
  hashText(text);
  return { a: lanes[1] ?? 0, b: lanes[0] ?? 0 };
}

/**
 * Where a user stands in what shares `seed`: 0 to 99,999, the same in every SDK and version (`spillway-1`,
 * docs/reference/bucketing.md).
 */
export function bucketOf(key: string, seed: string): number {
  return bucketIn(key, seedOf(seed));
}

/** `bucketOf` with the seed hashed beforehand. */
export function bucketIn(key: string, seed: Seed): number {
  return Math.floor((pointIn(key, seed) * SHARE_WHOLE) / WORD);
}

/** A bucket in finer steps, of which there are 2^32: what a bucket is calculated from. */
export function pointIn(key: string, seed: Seed): number {
  hashText(key);
  return mixed(seed) >>> 0;
}

/** The text hashed last, in what shares `seed`: 32 bits as a signed number, which takes no memory. */
export function mixed(seed: Seed): number {
  let x = (lanes[0] ?? 0) ^ seed.a;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = ((x ^ (x >>> 15)) + ((lanes[1] ?? 0) ^ seed.b)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0xd35a2d97);
  return x ^ (x >>> 15);
}

/** The first point whose bucket is `bucket`: comparing points saves calculating buckets. */
export function firstPointOf(bucket: number): number {
  let point = Math.floor((bucket * WORD) / SHARE_WHOLE);
  // Both products are whole numbers below 2^53, so nothing is rounded.
  while (point * SHARE_WHOLE < bucket * WORD) point += 1;
  return point;
}

/**
 * The text a context value is bucketed by: text that is not empty, or a safe integer in decimal digits. Nothing else,
 * because languages write other numbers differently.
 */
export function bucketingText(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return Number.isSafeInteger(value) ? String(value) : undefined;
}
