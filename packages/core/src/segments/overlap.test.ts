import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overlapOf } from './overlap.ts';

test('S7: sizes, pairs and combinations are told with counts and percentages', () => {
  // 10 in none, 20 in a alone, 30 in b alone, 40 in both.
  assert.deepEqual(overlapOf(['a', 'b'], [10, 20, 30, 40]), {
    segments: [
      { segment: 'a', count: 60, percentage: 60 },
      { segment: 'b', count: 70, percentage: 70 },
    ],
    pairs: [{ segments: ['a', 'b'], count: 40, percentage: 40, percentage_of_each: [66.67, 57.14] }],
    combinations: [
      { segments: ['a', 'b'], count: 40, percentage: 40 },
      { segments: ['b'], count: 30, percentage: 30 },
      { segments: ['a'], count: 20, percentage: 20 },
    ],
    none: 10,
  });
});

test('S7: of nobody nothing is made up', () => {
  const { segments, pairs, combinations, none } = overlapOf(['a', 'b'], [0, 0, 0, 0]);
  assert.deepEqual(
    [segments.map(({ percentage }) => percentage), pairs[0]?.percentage_of_each, combinations, none],
    [[0, 0], [null, null], [], 0],
  );
});
