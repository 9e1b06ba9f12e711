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
  hashText(key);
  let x = (lanes[0] ?? 0) ^ seed.a;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = ((x ^ (x >>> 15)) + ((lanes[1] ?? 0) ^ seed.b)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0xd35a2d97);
  x ^= x >>> 15;
  return Math.floor(((x >>> 0) * SHARE_WHOLE) / WORD);
}

/**
 * The text a context value is bucketed by: text that is not empty, or a safe integer in decimal digits. Nothing else,
 * because languages write other numbers differently.
 */
export function bucketingText(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return Number.isSafeInteger(value) ? String(value) : undefined;
}
