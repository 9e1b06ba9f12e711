import { bucketIndex, bucketMiddleMs } from './buckets.ts';

/** Sparse counts by bucket index. Adding and subtracting them is exact; only the width of a bucket is lost. */
export type Histogram = Readonly<Record<string, number>>;

export const EMPTY_HISTOGRAM: Histogram = Object.freeze({});

/** The histogram with one more latency (or `count` of them). Recorders on a hot path keep an array and use `bucketIndex`. */
export function record(histogram: Histogram, ms: number, count = 1): Histogram {
  const index = String(bucketIndex(ms));
  return { ...histogram, [index]: (histogram[index] ?? 0) + count };
}

export function merge(a: Histogram, b: Histogram): Histogram {
  const sum: Record<string, number> = { ...a };
  for (const [index, count] of Object.entries(b)) sum[index] = (sum[index] ?? 0) + count;
  return sum;
}

/** What was recorded between two readings of one growing histogram. A bucket that shrank counts as empty. */
export function difference(newer: Histogram, older: Histogram): Histogram {
  const grown: Record<string, number> = {};
  for (const [index, count] of Object.entries(newer)) {
    const more = count - (older[index] ?? 0);
    if (more > 0) grown[index] = more;
  }
  return grown;
}

export function total(histogram: Histogram): number {
  let sum = 0;
  for (const count of Object.values(histogram)) sum += count;
  return sum;
}

/**
 * The latency in milliseconds that a share `q` (0 to 1) of the recorded ones do not exceed, within RELATIVE_ERROR;
 * null when nothing was recorded. The rank is ⌈q·n⌉, at least 1: an actual observation, never a value between two.
 */
export function quantile(histogram: Histogram, q: number): number | null {
  const rank = Math.max(1, Math.ceil(Math.min(1, Math.max(0, q)) * total(histogram)));
  let seen = 0;
  // Keys that are whole numbers come in ascending order, however they were put in.
  for (const [index, count] of Object.entries(histogram)) {
    seen += count;
    if (seen >= rank) return bucketMiddleMs(Number(index));
  }
  return null;
}
