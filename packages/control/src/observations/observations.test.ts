import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryStore } from '@spillway/stores';
import {
  accepted,
  byAdmin,
  bySdk,
  createTestClock,
  createTestLog,
  refused,
  sha256,
  startControl,
} from '../../testing/start-control.ts';
import type { Control } from '../control.ts';
import { KEPT_MS, MAX_TALLIED } from './tally.ts';

const sdk = bySdk('production');
const DAY_MS = 86_400_000;

async function withFlag(control: Control): Promise<void> {
  accepted(await control.flags.create(byAdmin(), { key: 'a' }));
}

function answers(count: number, variant: string | null = 'on', flag = 'a') {
  return { flag, variant, reason: variant === null ? 'ERROR' : 'SPLIT', count };
}

test('F11: usage has counts per environment and variant, by the hour, with the last time', async (t) => {
  const clock = createTestClock();
  const control = await startControl({ clock });
  t.after(() => control.stop());
  await withFlag(control);
  const none = accepted(await control.observations.usage(byAdmin(), 'a'));
  const { unique_users, ...unused } = none.environments.staging ?? {};
  const expected = {
    evaluations: 0,
    last_evaluated_at: null,
    variants: {},
    configurations: {},
    exposures: {},
    series: [],
  };
  assert.deepEqual(unused, expected);
  assert.equal(unique_users?.last_35_days.total, 0);
  const counts = [answers(5), answers(2, 'off'), answers(1, null), answers(9, 'on', 'nobody-made-this')];
  const first = Math.floor(clock.now());
  assert.deepEqual(accepted(await control.observations.summarise(sdk, { to_ms: first, counts })), {
    ...{ counted: 3, unique_users: true },
  });
  clock.skip(7_200_000);
  const last = Math.floor(clock.now());
  accepted(await control.observations.summarise(sdk, { to_ms: last, counts: [answers(1)] }));
  const { production, staging } = accepted(await control.observations.usage(byAdmin(), 'a')).environments;
  assert.deepEqual([production?.evaluations, production?.variants], [9, { on: 6, off: 2 }]);
  assert.equal(production?.last_evaluated_at, new Date(last).toISOString());
  assert.deepEqual(
    production?.series.map((point) => point.counts),
    [{ off: 2, on: 5 }, { on: 1 }],
  );
  assert.equal(staging?.evaluations, 0);
  const one = accepted(await control.observations.usage(byAdmin(), 'a', 'staging'));
  assert.deepEqual(Object.keys(one.environments), ['staging']);
});

test('F11: of several flags at once, a week of answers in quarters of days and the last time are told', async (t) => {
  const clock = createTestClock();
  const control = await startControl({ clock });
  t.after(() => control.stop());
  await withFlag(control);
  accepted(await control.flags.create(byAdmin(), { key: 'b' }));
  const tell = async (count: number) => {
    const to_ms = Math.floor(clock.now());
    accepted(await control.observations.summarise(sdk, { to_ms, counts: [answers(count)] }));
    return to_ms;
  };
  const first = await tell(2);
  clock.skip(6 * 3_600_000);
  const last = await tell(3);
  const activity = accepted(await control.observations.activity(byAdmin(), ['b', 'a', 'a', 'nobody']));
  assert.deepEqual(Object.keys(activity.flags).sort(), ['a', 'b']);
  assert.deepEqual(activity.flags.b, { last_evaluated_at: null, parts: Array.from({ length: 28 }, () => 0) });
  assert.equal(activity.flags.a?.last_evaluated_at, new Date(last).toISOString());
  assert.deepEqual(activity.flags.a?.parts.slice(-3), [0, 2, 3]);
  assert.equal(Date.parse(activity.from) + 28 * activity.part_ms > last, true);
  const { created_at } = accepted(await control.observations.usage(byAdmin(), 'a'));
  assert.equal(Date.parse(String(created_at)) <= first, true);
  refused(await control.observations.activity(sdk, ['a']), 'forbidden');

  clock.skip(8 * DAY_MS);
  const later = accepted(await control.observations.activity(byAdmin(), ['a']));
  assert.equal(later.flags.a?.last_evaluated_at, new Date(last).toISOString(), 'older than what is drawn');
  assert.equal(Math.max(...(later.flags.a?.parts ?? [])), 0);
});

test('what an application asks over the API is counted; what a person asks, or of another time, is not', async (t) => {
  const clock = createTestClock();
  const control = await startControl({ clock });
  t.after(() => control.stop());
  await withFlag(control);
  accepted(await control.evaluation.one(sdk, 'a', {}));
  accepted(await control.evaluation.many(sdk, {}, { flags: ['a', 'gone'] }));
  accepted(await control.evaluation.many(sdk, {}, {}));
  accepted(await control.evaluation.one(sdk, 'a', {}, { at_ms: clock.now() + 60_000 }));
  accepted(await control.evaluation.one(byAdmin(), 'a', {}, { environment: 'production' }));
  const { production } = accepted(await control.observations.usage(byAdmin(), 'a')).environments;
  assert.deepEqual([production?.evaluations, production?.variants], [2, { off: 2 }]);
});

test('counts survive a restart, clocks that are wrong do no harm, and old hours are forgotten', async (t) => {
  const clock = createTestClock();
  const store = createMemoryStore({ sha256 });
  const control = await startControl({ clock, store });
  await withFlag(control);
  for (const to_ms of [0, clock.now() + 9e9]) {
    accepted(await control.observations.summarise(sdk, { to_ms, counts: [answers(1)] }));
  }
  await control.stop();
  const again = await startControl({ clock, store });
  t.after(() => again.stop());
  const { production } = accepted(await again.observations.usage(byAdmin(), 'a')).environments;
  assert.deepEqual([production?.evaluations, production?.series.length], [2, 1]);
  clock.skip(KEPT_MS + 7_200_000);
  const later = accepted(await again.observations.usage(byAdmin(), 'a')).environments;
  assert.equal(later.production?.evaluations, 0);
});

test('F18: usage says which configurations each variant came from, over the hours, with what is asked over the API', async (t) => {
  const clock = createTestClock();
  const control = await startControl({ clock });
  t.after(() => control.stop());
  await withFlag(control);
  const tell = async (variant: string, configurations?: { readonly first: number; readonly last: number }) => {
    const counts = [{ ...answers(1, variant), ...(configurations && { configurations }) }];
    accepted(await control.observations.summarise(sdk, { to_ms: Math.floor(clock.now()), counts }));
  };
  await tell('on', { first: 13, last: 15 });
  await tell('on');
  await tell('on', { first: 12, last: 14 });
  clock.skip(7_200_000);
  await tell('on', { first: 14, last: 16 });
  await tell('silent');
  const { flagMetadata } = accepted(await control.evaluation.one(sdk, 'a', {}));
  const { production } = accepted(await control.observations.usage(byAdmin(), 'a')).environments;
  const number = flagMetadata.configuration;
  assert.ok(number > 0);
  assert.deepEqual(production?.configurations, { on: { first: 12, last: 16 }, off: { first: number, last: number } });
});

test('more than there is room for is refused as a whole, and a store that is away loses counts, nothing else', async (t) => {
  const log = createTestLog();
  const store = createMemoryStore({ sha256 });
  const broken = { ...store.observations, add: () => Promise.reject(new Error('away')) };
  const control = await startControl({ log, store: { ...store, observations: broken } });
  t.after(() => control.stop());
  await withFlag(control);
  const many = Array.from({ length: MAX_TALLIED + 1 }, (_, index) => answers(1, `v${index}`));
  const now = Date.now();
  refused(await control.observations.summarise(sdk, { to_ms: now, counts: many }), 'rate_limited');
  accepted(await control.observations.summarise(sdk, { to_ms: now, counts: [answers(1)] }));
  const { production } = accepted(await control.observations.usage(byAdmin(), 'a')).environments;
  assert.equal(production?.evaluations, 0);
  assert.ok(
    log.lines.some((line) => /counts were not written/.test(line)),
    log.lines.join(),
  );
  assert.equal(accepted(await control.evaluation.one(sdk, 'a', {})).value, false);
});

test('only admins read usage, of flags and environments that there are; only SDK keys send summaries', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  refused(await control.observations.usage(sdk, 'a'), 'forbidden');
  refused(await control.observations.usage(byAdmin(), 'a'), 'not_found');
  await withFlag(control);
  refused(await control.observations.usage(byAdmin(), 'a', 'nowhere'), 'not_found', '/environment');
  const admin = await control.observations.summarise(byAdmin(), { to_ms: 0, counts: [] });
  assert.equal(admin.ok, false);
});

test('F8: what was counted tells which flags are stale: never asked for, or answered with one variant only', async (t) => {
  const clock = createTestClock();
  const control = await startControl({ clock });
  t.after(() => control.stop());
  const split = { enabled: true, percentage: 50 };
  for (const key of ['constant', 'forgotten', 'used']) {
    accepted(await control.flags.create(byAdmin(), { key, environments: { staging: split } }));
  }
  const count = async () => {
    const counts = [answers(5, 'on', 'constant'), answers(5, 'on', 'used'), answers(5, 'off', 'used')];
    accepted(await control.observations.summarise(sdk, { to_ms: Math.floor(clock.now()), counts }));
    accepted(await control.observations.usage(byAdmin(), 'used'));
  };
  const stale = async () => {
    const { items } = accepted(await control.flags.list(byAdmin(), { limit: 10, stale: true }));
    return items.map(({ key, stale: why }) => [key, why?.reason]);
  };
  await count();
  assert.deepEqual(await stale(), []);
  clock.skip(31 * DAY_MS);
  await count();
  assert.deepEqual(await stale(), [
    ['constant', 'one_variant_only'],
    ['forgotten', 'never_evaluated'],
  ]);
});

test('a summary that comes again under its idempotency key counts once', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  accepted(await control.flags.create(byAdmin(), { key: 'a', environments: { staging: { enabled: true } } }));
  const counts = [{ flag: 'a', variant: 'on', reason: 'STATIC', count: 5 }];
  const tell = (idempotency_key: string) =>
    control.observations.summarise({ ...bySdk('staging'), idempotency_key }, { to_ms: Math.floor(Date.now()), counts });
  for (const key of ['first', 'first', 'second', 'first']) assert.equal(accepted(await tell(key)).counted, 1);
  const { staging } = accepted(await control.observations.usage(byAdmin(), 'a')).environments;
  assert.equal(staging?.evaluations, 10);
});
