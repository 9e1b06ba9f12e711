import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeriesPoint } from '../../documents.ts';
import { axisTop, mergeSeries, plotData } from './series.ts';

const point = (second: number, version: string, part: Partial<SeriesPoint> = {}): SeriesPoint => ({
  at_ms: second * 1_000,
  version,
  requests: 10,
  errors: 0,
  p50_ms: 5,
  p95_ms: 20,
  in_flight: 1,
  share: 0,
  ...part,
});

test('R12: error rates come from sums, never from averages of rates', () => {
  const points = [
    point(100, 'v2', { requests: 1, errors: 1 }),
    point(101, 'v2', { requests: 99, errors: 0 }),
    point(100, 'v1'),
    point(101, 'v1'),
  ];
  const data = plotData(points, 'v2', 'v1');
  assert.deepEqual(data.canary.errorPercentage, [1]);
  assert.deepEqual(data.canary.requestsPerSecond, [50]);
  assert.deepEqual(data.stable.errorPercentage, [0]);
});

test('R12: where a version had no traffic there is a gap, not a zero', () => {
  const data = plotData(
    [point(100, 'v1'), point(110, 'v1'), point(110, 'v2', { requests: 0, p95_ms: null })],
    'v2',
    'v1',
  );
  assert.equal(data.times.length, 6);
  assert.deepEqual(data.stable.requestsPerSecond, [10, null, null, null, null, 10]);
  assert.deepEqual(data.canary.errorPercentage.at(-1), null);
  assert.deepEqual(data.canary.p95Ms.at(-1), null);
});

test('polling again and again keeps each second of each version once, and forgets the oldest', () => {
  const first = [point(0, 'v1'), point(1_000, 'v1')];
  const merged = mergeSeries(first, [point(1_000, 'v1', { requests: 12 }), point(1_000, 'v2')]);
  assert.deepEqual(
    merged.map(({ at_ms, version, requests }) => [at_ms, version, requests]),
    [
      [1_000_000, 'v1', 12],
      [1_000_000, 'v2', 10],
    ],
  );
});

test('a limit is on the axis unless it would press the data flat', () => {
  assert.ok(axisTop([[0, 0.5]], 3) >= 3);
  assert.ok(axisTop([[0, 0]], 5) >= 5);
  assert.ok(axisTop([[20, 25]], 1_000) < 100);
  assert.ok(axisTop([[null]], undefined) > 0);
});
