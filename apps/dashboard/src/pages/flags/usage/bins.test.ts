import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNew, lastEvaluated, RANGES, variantUsage } from './bins.ts';

const NOW = Date.parse('2026-12-01T10:20:00Z');
const [day, week] = RANGES;

test('each hour of the last 24 is a part, the present one the last', () => {
  const series = [
    { at: '2026-11-30T10:00:00Z', counts: { on: 100 } },
    { at: '2026-11-30T11:00:00Z', counts: { on: 1 } },
    { at: '2026-12-01T10:00:00Z', counts: { on: 2, off: 3 } },
  ];
  const [on, off] = variantUsage(series, ['on', 'off'], day, NOW);
  assert.equal(on?.total, 3, 'the hour before the range is left out');
  assert.equal(on?.parts.length, 24);
  assert.equal(on?.parts[0], 1);
  assert.equal(on?.parts.at(-1), 2);
  assert.equal(off?.parts.at(-1), 3);
});

test('hours that fall into one part are added up', () => {
  const series = [
    { at: '2026-12-01T09:00:00Z', counts: { on: 2 } },
    { at: '2026-12-01T10:00:00Z', counts: { on: 5 } },
  ];
  assert.deepEqual(
    variantUsage(series, ['on'], week, NOW).map(({ parts }) => parts.at(-1)),
    [7],
  );
});

test('variants that nobody got are there with nothing, and those that are gone come last', () => {
  const series = [{ at: '2026-12-01T10:00:00Z', counts: { old: 4, on: 1 } }];
  const found = variantUsage(series, ['off', 'on'], day, NOW);
  assert.deepEqual(
    found.map(({ variant, place, total }) => [variant, place, total]),
    [
      ['off', 0, 0],
      ['on', 1, 1],
      ['old', -1, 4],
    ],
  );
});

test('a flag is new as long as counts are kept', () => {
  assert.equal(isNew('2026-12-01T10:19:59Z', NOW), true);
  assert.equal(isNew('2026-10-27T10:20:01Z', NOW), true);
  assert.equal(isNew('2026-10-27T10:19:59Z', NOW), false);
  assert.equal(isNew(null, NOW), false);
});

test('the last evaluation is the latest of all environments, or not known', () => {
  const nobody = { from: '2026-10-27T00:00:00Z', total: 0, variants: {} };
  const spans = { last_24_hours: nobody, last_7_days: nobody, last_35_days: nobody };
  const unique_users = { standard_error: 0.023, ...spans };
  const usage = (at: string | null) => {
    return {
      evaluations: 0,
      last_evaluated_at: at,
      variants: {},
      unique_users,
      configurations: {},
      exposures: {},
      series: [],
    };
  };
  assert.equal(lastEvaluated({ dev: usage(null) }), undefined);
  assert.equal(
    lastEvaluated({ dev: usage('2026-12-01T10:00:00Z'), live: usage('2026-11-01T10:00:00Z'), test: usage(null) }),
    Date.parse('2026-12-01T10:00:00Z'),
  );
});
