import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HourCount, Store } from '@spillway/control/ports';

const HOUR_MS = 3_600_000;

/** What every store promises of counts. */
export function observationTests(store: () => Store, newProject: () => string): void {
  const count = (more: Partial<HourCount> = {}): HourCount => ({
    ...{ environment: 'production', flag: 'a', variant: 'on', reason: 'SPLIT' },
    ...{ hour_ms: HOUR_MS, evaluations: 2, last_ms: HOUR_MS + 5 },
    ...{ first_configuration: null, last_configuration: null },
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

  test('F18: of configurations the lowest and the highest stay, and where they are not known the others count', async () => {
    const project = newProject();
    const from = (first: number | null, last: number | null, more: Partial<HourCount> = {}) =>
      count({ ...more, first_configuration: first, last_configuration: last });
    const later = { hour_ms: 2 * HOUR_MS };
    await store().observations.add(project, [from(5, 6), from(null, null), from(4, 5), from(3, 8, later)]);
    await store().observations.add(project, [from(null, null), from(null, null, { variant: 'off' })]);
    await store().observations.add(project, [from(10, 12), from(2, 2, { variant: 'off' })]);
    await store().observations.add(project, [from(7, 11), from(4, 7, later)]);
    assert.deepEqual(await store().observations.hours(project, 'a', 0), [
      from(2, 2, { variant: 'off', evaluations: 4 }),
      from(4, 12, { evaluations: 12 }),
      from(3, 8, { ...later, evaluations: 4 }),
    ]);
    await assert.rejects(store().observations.add(project, [from(0.5, 1)]), {
      message: /first_configuration must be a whole number/,
    });
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

  test('what was used is summed over hours and reasons, and was used last when it was, also before that', async () => {
    const project = newProject();
    await store().observations.add(project, [
      ...[count({ hour_ms: 0, last_ms: 7 }), count({ hour_ms: 0, last_ms: 9, variant: 'off' })],
      ...[count(), count({ reason: 'STATIC', evaluations: 5 }), count({ variant: null, reason: 'ERROR' })],
      ...[count({ flag: 'b' }), count({ flag: 'b', environment: 'development' }), count({ flag: 'other' })],
    ]);
    const one = { environment: 'production', flag: 'a', last_ms: HOUR_MS + 5 };
    const ofBoth = (from_ms: number) => store().observations.used(project, ['b', 'a'], { from_ms, since_ms: 1 });
    const wanted = [
      { ...one, variant: null, evaluations: 2 },
      { ...one, variant: 'on', evaluations: 7 },
      { ...one, flag: 'b', environment: 'development', variant: 'on', evaluations: 2 },
      { ...one, flag: 'b', variant: 'on', evaluations: 2 },
    ];
    assert.deepEqual(await ofBoth(1), wanted);
    assert.deepEqual(await ofBoth(0), wanted.toSpliced(1, 0, { ...one, last_ms: 9, variant: 'off', evaluations: 0 }));
    assert.deepEqual(await store().observations.used(project, [], { from_ms: 0, since_ms: 0 }), []);
  });

  test('of several flags, what was answered is summed by parts of time; others and older hours are left out', async () => {
    const project = newProject();
    const span = { since_ms: HOUR_MS, part_ms: 3 * HOUR_MS };
    const at = (hour: number) => ({ hour_ms: hour * HOUR_MS, last_ms: hour * HOUR_MS + 5 });
    await store().observations.add(project, [
      ...[count(at(0)), count(at(1)), count({ ...at(2), variant: 'off' })],
      ...[count({ ...at(2), environment: 'staging', reason: 'STATIC' }), count(at(3)), count(at(9))],
      ...[count({ ...at(4), flag: 'a-b' }), count({ ...at(4), flag: 'other' })],
    ]);
    await store().observations.add(newProject(), [count(at(3))]);
    assert.deepEqual(await store().observations.inParts(project, ['a-b', 'nobody', 'a'], span), [
      { flag: 'a', at_ms: 0, evaluations: 6, last_ms: 2 * HOUR_MS + 5 },
      { flag: 'a', at_ms: 3 * HOUR_MS, evaluations: 2, last_ms: 3 * HOUR_MS + 5 },
      { flag: 'a', at_ms: 9 * HOUR_MS, evaluations: 2, last_ms: 9 * HOUR_MS + 5 },
      { flag: 'a-b', at_ms: 3 * HOUR_MS, evaluations: 2, last_ms: 4 * HOUR_MS + 5 },
    ]);
    assert.deepEqual(await store().observations.inParts(project, [], span), []);
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
