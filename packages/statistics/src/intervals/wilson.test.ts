import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wilsonInterval } from './wilson.ts';

test('the interval is the one that the literature prints', () => {
  // Newcombe (1998), table I, method 3.
  const printed: readonly (readonly [number, number, number, number])[] = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ];
  for (const [hits, trials, low, high] of printed) {
    const interval = wilsonInterval(hits, trials);
    assert.deepEqual([interval.low.toFixed(4), interval.high.toFixed(4)], [low.toFixed(4), high.toFixed(4)]);
  }
});

test('it stays within 0 and 1, is the same seen from the other side, and knows nothing from nothing', () => {
  assert.deepEqual(wilsonInterval(0, 0), { low: 0, high: 1 });
  for (const trials of [1, 2, 10, 10_000]) {
    for (const hits of [0, 1, Math.floor(trials / 2), trials]) {
      const { low, high } = wilsonInterval(hits, trials);
      const mirrored = wilsonInterval(trials - hits, trials);
      assert.ok(low >= 0 && high <= 1 && low <= hits / trials && hits / trials <= high, `${hits} of ${trials}`);
      assert.ok(Math.abs(low - (1 - mirrored.high)) < 1e-12);
    }
  }
});

test('nothing hit leaves 0 possible, everything hit leaves 1 possible, without a rounding error', () => {
  for (let trials = 1; trials <= 1_000; trials += 1) {
    assert.equal(wilsonInterval(0, trials).low, 0);
    assert.equal(wilsonInterval(trials, trials).high, 1);
  }
});
