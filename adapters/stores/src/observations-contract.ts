import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HourCount, Store } from '@spillway/control/ports';

const HOUR_MS = 3_600_000;

/** What every store promises of counts. */
export function observationTests(store: () => Store, newProject: () => string): void {
  const count = (more: Partial<HourCount> = {}): HourCount => ({
    ...{ environment: 'production', flag: 'a', variant: 'on', reason: 'SPLIT' },
    ...{ hour_ms: HOUR_MS, evaluations: 2, last_ms: HOUR_MS + 5 },
    ...more,
  });

  test('counts of one answer and hour add up, also within one call, and the last time is kept', async () => {
    const project = newProject();
    await store().observations.add(project, [count(), count({ evaluations: 3, last_ms: HOUR_MS + 9 })]);
    await store().observations.add(project, [count({ evaluations: 1, last_ms: HOUR_MS + 1 })]);
    assert.deepEqual(await store().observations.hours(project, 'a', 0), [
      count({ evaluations: 6, last_ms: HOUR_MS + 9 }),
    ]);
    assert.deepEqual(await store().observations.hours(newProject(), 'a', 0), []);
  });

  test('hours are told apart by environment, hour, variant and reason, in this order; others are not mixed in', async () => {
    const project = newProject();
    const wanted = [
      count({ environment: 'a-b' }),
      count({ environment: 'a.b', hour_ms: HOUR_MS }),
      count({ environment: 'a.b', hour_ms: 2 * HOUR_MS, variant: null, reason: 'ERROR' }),
      count({ environment: 'a.b', hour_ms: 2 * HOUR_MS, variant: 'off', reason: 'DISABLED' }),
      count({ environment: 'a.b', hour_ms: 2 * HOUR_MS, variant: 'off', reason: 'STATIC' }),
    ];
    await store().observations.add(project, [...wanted.toReversed(), count({ flag: 'b' })]);
    assert.deepEqual(await store().observations.hours(project, 'a', 0), wanted);
    assert.deepEqual(await store().observations.hours(project, 'a', 2 * HOUR_MS), wanted.slice(2));
  });

  test('what was served is summed over hours and reasons', async () => {
    const project = newProject();
    await store().observations.add(project, [
      count({ hour_ms: 0, last_ms: 7 }),
      count(),
      count({ reason: 'STATIC', evaluations: 5 }),
      count({ variant: null, reason: 'ERROR' }),
      count({ flag: 'b' }),
    ]);
    const one = { environment: 'production', flag: 'a', last_ms: HOUR_MS + 5 };
    assert.deepEqual(await store().observations.served(project, 1), [
      { ...one, variant: null, evaluations: 2 },
      { ...one, variant: 'on', evaluations: 7 },
      { ...one, flag: 'b', variant: 'on', evaluations: 2 },
    ]);
    const [, on] = await store().observations.served(project, 0);
    assert.equal(on?.evaluations, 9);
  });

  test('the earliest hour is told, of one project alone', async () => {
    const project = newProject();
    assert.equal(await store().observations.earliest(project), undefined);
    await store().observations.add(project, [count(), count({ hour_ms: 5 * HOUR_MS, last_ms: 5 * HOUR_MS })]);
    await store().observations.add(newProject(), [count({ hour_ms: 0, last_ms: 1 })]);
    assert.equal(await store().observations.earliest(project), HOUR_MS);
  });

  test('hours before one are forgotten', async () => {
    const project = newProject();
    await store().observations.add(project, [count({ hour_ms: 0 }), count()]);
    await store().observations.forget(project, HOUR_MS);
    assert.deepEqual(await store().observations.hours(project, 'a', 0), [count()]);
    await assert.rejects(store().observations.add(project, [count({ evaluations: 0.5 })]), {
      message: /evaluations must be a whole number/,
    });
    await store().observations.add(project, []);
  });
}
