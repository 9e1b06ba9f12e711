import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBuckets } from './buckets.ts';

test('as many at once as the bucket holds, then one for each that has run in; what is refused takes nothing', () => {
  const buckets = createBuckets({ perSecond: 10, burst: 3 }, 10);
  assert.deepEqual(
    [0, 0, 0].map(() => buckets.take('a', 1_000)),
    [0, 0, 0],
  );
  for (let again = 0; again < 5; again += 1) assert.equal(buckets.take('a', 1_000), 100);
  assert.equal(buckets.take('a', 1_060), 40);
  assert.equal(buckets.take('a', 1_100), 0);
  assert.ok(buckets.take('a', 1_100) > 0);
  assert.equal(buckets.take('a', 60_000), 0, 'a long pause fills it');
  assert.deepEqual([buckets.take('a', 60_000), buckets.take('a', 60_000)], [0, 0]);
  assert.ok(buckets.take('a', 60_000) > 0, 'and no further than full');
});

test('each name has its own', () => {
  const buckets = createBuckets({ perSecond: 1, burst: 1 }, 10);
  assert.equal(buckets.take('a', 0), 0);
  assert.ok(buckets.take('a', 0) > 0);
  assert.equal(buckets.take('b', 0), 0);
});

test('however many names come, no more than the most are kept, and one that is in use is not forgotten for them', () => {
  const buckets = createBuckets({ perSecond: 1, burst: 50_000 }, 100);
  for (let index = 0; index < 20_000; index += 1) {
    buckets.take(`stranger-${index}`, 0);
    buckets.take('regular', 0);
  }
  assert.equal(buckets.size, 100);
  for (let index = 0; index < 30_000; index += 1) assert.equal(buckets.take('regular', 0), 0);
  assert.ok(buckets.take('regular', 0) > 0);
});
