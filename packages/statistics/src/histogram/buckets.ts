/**
 * Logarithmic buckets for latencies, as in DDSketch: bucket i holds the values in (MIN·γ^(i-1), MIN·γ^i], so the middle of a
 * bucket is never more than RELATIVE_ERROR away from any value in it. The bounds are fixed for all recorders: histograms of
 * any two processes can be added and subtracted bucket by bucket.
 *
 * Source: C. Masson, J. E. Rim, H. K. Lee, "DDSketch: A fast and fully-mergeable quantile sketch with relative-error
 * guarantees", PVLDB 12(12), 2019, section 2.1 (γ = (1 + α) / (1 − α), value of a bucket 2γ^i / (γ + 1)).
 */

/** How far a quantile may be from a recorded value of its rank, as a share of that value. */
export const RELATIVE_ERROR = 0.02;

/** Everything at or below falls into bucket 0: finer than the clock of any proxy is worth. */
export const SHORTEST_MS = 0.01;

/** Everything above falls into the last bucket. */
export const LONGEST_MS = 3_600_000;

const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);
const PER_LOG_GAMMA = 1 / LOG_GAMMA;
const PER_SHORTEST = 1 / SHORTEST_MS;

/** A bucket's own upper bound must stay in it although the logarithm rounds. */
const ROUNDING = 1e-9;

export const LAST_BUCKET = Math.ceil(Math.log(LONGEST_MS * PER_SHORTEST) * PER_LOG_GAMMA - ROUNDING);

/** The bucket of a latency, from 0 to LAST_BUCKET. What is no positive number counts as the shortest. */
export function bucketIndex(ms: number): number {
  if (!(ms > SHORTEST_MS)) return 0;
  if (ms >= LONGEST_MS) return LAST_BUCKET;
  return Math.ceil(Math.log(ms * PER_SHORTEST) * PER_LOG_GAMMA - ROUNDING);
}

/** The largest latency of a bucket, in milliseconds. */
export function bucketUpperBoundMs(index: number): number {
  return SHORTEST_MS * Math.exp(index * LOG_GAMMA);
}

/** The latency that stands for all of a bucket: within RELATIVE_ERROR of each. Milliseconds. */
export function bucketMiddleMs(index: number): number {
  return index <= 0 ? SHORTEST_MS : (bucketUpperBoundMs(index) * 2) / (GAMMA + 1);
}
