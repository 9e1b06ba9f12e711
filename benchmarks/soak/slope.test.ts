import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slopeOf } from './slope.ts';

const times = Array.from({ length: 100 }, (_, index) => index);
/** Repeats itself exactly, and belongs to no line. */
const noise = times.map((time) => ((time * 7_919) % 13) - 6);

test('a line is found as it is, with nothing around it', () => {
  const found = slopeOf(
    times,
    times.map((time) => 3 + 0.5 * time),
  );
  assert.deepEqual(
    [found.slope, found.low, found.high, found.mean].map((value) => Math.round(value * 1e6) / 1e6),
    [0.5, 0.5, 0.5, 27.75],
  );
});

test('noise without growth has an interval around nothing', () => {
  const { low, high } = slopeOf(times, noise);
  assert.ok(low < 0 && high > 0, `${low} to ${high}`);
});

test('growth shows through noise', () => {
  const { low, high } = slopeOf(
    times,
    noise.map((each, index) => each + 0.2 * index),
  );
  assert.ok(low > 0.1 && high < 0.3, `${low} to ${high}`);
});

test('values that follow one another say less than as many that do not', () => {
  const width = (values: readonly number[]) => {
    const { low, high } = slopeOf(times, values);
    return high - low;
  };
  const wave = times.map((time) => 6 * Math.sin(time / 8));
  const shuffled = times.map((time) => wave[(time * 37) % 100] ?? 0);
  assert.ok(width(wave) > 2 * width(shuffled));
});
