import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bucketIndex, bucketUpperBoundMs, LAST_BUCKET, LONGEST_MS, RELATIVE_ERROR, SHORTEST_MS } from './buckets.ts';
import { difference, EMPTY_HISTOGRAM, merge, quantile, record, total } from './histogram.ts';

const latency = fc.double({ min: SHORTEST_MS, max: LONGEST_MS, noNaN: true });
const latencies = fc.array(latency, { minLength: 1, maxLength: 200 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

function histogramOf(values: readonly number[]) {
  return values.reduce((histogram, ms) => record(histogram, ms), EMPTY_HISTOGRAM);
}

test('a quantile is within the stated relative error of the observation of its rank', () => {
  fc.assert(
    fc.property(latencies, share, (values, q) => {
      const sorted = [...values].sort((a, b) => a - b);
      const exact = sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? 0;
      const estimate = quantile(histogramOf(values), q) ?? 0;
      assert.ok(Math.abs(estimate - exact) <= RELATIVE_ERROR * exact * (1 + 1e-6), `${estimate} for ${exact}`);
    }),
  );
});

test('a bucket ends at its upper bound and the next begins right after it', () => {
  for (let index = 0; index < LAST_BUCKET; index++) {
    assert.equal(bucketIndex(bucketUpperBoundMs(index)), index);
    assert.equal(bucketIndex(bucketUpperBoundMs(index) * 1.000001), index + 1);
  }
});

test('every number has a bucket, also those no clock should give', () => {
  for (const ms of [-1, 0, Number.NaN, Number.NEGATIVE_INFINITY]) assert.equal(bucketIndex(ms), 0);
  for (const ms of [LONGEST_MS, 1e300, Number.POSITIVE_INFINITY]) assert.equal(bucketIndex(ms), LAST_BUCKET);
});

test('merging is the same as recording everything in one place, in any order', () => {
  fc.assert(
    fc.property(latencies, latencies, (a, b) => {
      assert.deepEqual(merge(histogramOf(a), histogramOf(b)), histogramOf([...b, ...a]));
    }),
  );
});

test('the difference of two readings is what was recorded between them', () => {
  fc.assert(
    fc.property(latencies, latencies, (before, between) => {
      const older = histogramOf(before);
      const newer = between.reduce((histogram, ms) => record(histogram, ms), older);
      assert.deepEqual(difference(newer, older), histogramOf(between));
      assert.equal(total(difference(newer, older)), between.length);
    }),
  );
});

test('an empty histogram has no quantile', () => {
  assert.equal(quantile(EMPTY_HISTOGRAM, 0.5), null);
  assert.equal(quantile({ '7': 0 }, 0.5), null);
});

test('what is shorter than any bucket counts as the shortest', () => {
  for (const ms of [0, SHORTEST_MS / 2, SHORTEST_MS]) assert.equal(quantile(histogramOf([ms]), 0.5), SHORTEST_MS);
});
