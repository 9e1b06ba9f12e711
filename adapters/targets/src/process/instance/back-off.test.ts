import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BACK_OFF_MAX_MS, backOffMs } from './back-off.ts';

test('the wait doubles up to its bound, a quarter more or less', () => {
  assert.deepEqual(
    [1, 2, 3, 4].map((failures) => backOffMs(failures, 0.5)),
    [250, 500, 1_000, 2_000],
  );
  for (const failures of [1, 5, 8, 100, 1e9]) {
    const [least, usual, most] = [0, 0.5, 1].map((random) => backOffMs(failures, random));
    assert.ok(least !== undefined && usual !== undefined && most !== undefined);
    assert.ok(Math.abs(least - usual * 0.75) <= 1 && Math.abs(most - usual * 1.25) <= 1);
    assert.ok(usual <= BACK_OFF_MAX_MS);
  }
});
