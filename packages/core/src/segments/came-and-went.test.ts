import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cameAndWent } from './came-and-went.ts';

const seen = (upto: number, ...ranks: number[]) => ({ upto, ranks: Float64Array.from(ranks) });

test('S6: who is a member now and was not entered, who was and is not left', () => {
  assert.deepEqual(cameAndWent(seen(100, 1, 2, 3), seen(100, 2, 3, 4, 5)), { entered: 2, left: 1 });
  assert.deepEqual(cameAndWent(seen(100), seen(100)), { entered: 0, left: 0 });
});

test('S6: who comes into view or goes out of it because the sample moved neither entered nor left', () => {
  assert.deepEqual(cameAndWent(seen(10, 1, 9), seen(20, 1, 9, 15)), { entered: 0, left: 0 });
  assert.deepEqual(cameAndWent(seen(20, 1, 15), seen(10, 1, 4)), { entered: 1, left: 0 });
});
