import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyRegisters, observe, writeSketch } from '@spillway/statistics';
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

const sdk = bySdk('production');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

async function withFlag(control: Control): Promise<void> {
  accepted(await control.flags.create(byAdmin(), { key: 'a', environments: { production: { enabled: true } } }));
}

/** Who the numbers from `first` to before `last` stand for, each in a register of its own. */
function sketch(first: number, last: number): string {
  const registers = emptyRegisters();
  for (let member = first; member < last; member += 1) observe(registers, member << 21, -1);
  return writeSketch(registers);
}

async function usersOf(control: Control) {
  const { production } = accepted(await control.observations.usage(byAdmin(), 'a')).environments;
  if (production === undefined) throw new Error('there is no usage');
  return production.unique_users;
}

test('F11: users of all processes and variants are told apart, by the hour for a day and by the day for weeks', async (t) => {
  const clock = createTestClock();
  const control = await startControl({ clock });
  t.after(() => control.stop());
  await withFlag(control);
  // Past the next midnight in UTC by two hours.
  clock.skip(DAY_MS - (Math.floor(clock.now()) % DAY_MS) + 2 * HOUR_MS);
  const tell = async (variant: string, first: number, last: number) => {
    const users = [{ flag: 'a', variant, sketch: sketch(first, last) }];
    const told = await control.observations.summarise(sdk, { to_ms: Math.floor(clock.now()), counts: [], users });
    assert.equal(accepted(told).unique_users, true);
  };
  await tell('on', 0, 10);
  await tell('on', 5, 15);
  await tell('off', 10, 20);
  const first = await usersOf(control);
  assert.deepEqual([first.last_24_hours.total, first.last_24_hours.variants], [20, { on: 15, off: 10 }]);
  assert.deepEqual([first.last_7_days.total, first.last_35_days.total, first.standard_error], [20, 20, 0.023]);
  clock.skip(25 * HOUR_MS);
  await tell('on', 18, 22);
  const second = await usersOf(control);
  assert.deepEqual([second.last_24_hours.total, second.last_7_days.total], [4, 22]);
  assert.equal(Date.parse(second.last_24_hours.from) > clock.now() - DAY_MS, true);
  clock.skip(6 * DAY_MS);
  const later = await usersOf(control);
  assert.deepEqual([later.last_24_hours.total, later.last_7_days.total, later.last_35_days.total], [0, 4, 22]);
  clock.skip(40 * DAY_MS);
  assert.equal((await usersOf(control)).last_35_days.total, 0);
});

test('F11: whoever an application asks for over the API is told apart by the targeting key, and only as a sketch', async (t) => {
  const store = createMemoryStore({ sha256 });
  const control = await startControl({ store });
  t.after(() => control.stop());
  await withFlag(control);
  for (let user = 0; user < 50; user += 1) {
    accepted(await control.evaluation.one(sdk, 'a', { targetingKey: `user-${user % 40}` }));
    accepted(await control.evaluation.many(sdk, { targetingKey: `user-${user}` }, { flags: ['a'] }));
    accepted(
      await control.evaluation.one(byAdmin(), 'a', { targetingKey: `x-${user}` }, { environment: 'production' }),
    );
  }
  accepted(await control.evaluation.one(sdk, 'a', {}));
  const { last_24_hours, last_35_days } = await usersOf(control);
  for (const { total, variants } of [last_24_hours, last_35_days]) {
    assert.ok(total >= 48 && total <= 52, String(total));
    assert.deepEqual(variants, { on: total });
  }
  const kept = await store.userSketches.of('default', 'a', { hour_ms: 0, day_ms: 0 });
  assert.deepEqual(
    kept.map(({ part, sketch: text }) => [part, /^s[\w-]+$/.test(text), text.includes('user')]),
    [
      ['day', true, false],
      ['hour', true, false],
    ],
  );
});

test('what is no sketch refuses the summary by its place, and counts nothing of it; flags nobody made take no room', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  await withFlag(control);
  const to_ms = Date.now();
  const counts = [{ flag: 'a', variant: 'on', reason: 'SPLIT', count: 1 }];
  const good = { flag: 'a', variant: 'on', sketch: 'sAAB' };
  const users = [good, { ...good, sketch: 'sAAgAAB' }];
  refused(await control.observations.summarise(sdk, { to_ms, counts, users }), 'invalid', '/users/1/sketch');
  const usage = accepted(await control.observations.usage(byAdmin(), 'a')).environments.production;
  assert.deepEqual([usage?.evaluations, usage?.unique_users.last_24_hours.total], [0, 0]);
  const unknown = [{ ...good, flag: 'nobody-made-this' }];
  accepted(await control.observations.summarise(sdk, { to_ms, counts: [], users: unknown }));
});

test('a store that is away loses sketches, nothing else', async (t) => {
  const log = createTestLog();
  const store = createMemoryStore({ sha256 });
  const broken = { ...store.userSketches, merge: () => Promise.reject(new Error('away')) };
  const control = await startControl({ log, store: { ...store, userSketches: broken } });
  t.after(() => control.stop());
  await withFlag(control);
  accepted(await control.evaluation.one(sdk, 'a', { targetingKey: 'user' }));
  const { production } = accepted(await control.observations.usage(byAdmin(), 'a')).environments;
  assert.deepEqual([production?.evaluations, production?.unique_users.last_24_hours.total], [1, 0]);
  assert.ok(log.lines.some((line) => /Sketches of users were not written/.test(line)));
});

test('T4: where an environment does not want it, no sketch is taken or made, and evaluations are counted on', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  await withFlag(control);
  const set = async (unique_users: boolean) =>
    accepted(await control.environments.update(byAdmin({ reason: 'test' }), 'production', { unique_users }));
  const tell = async () => {
    const to_ms = Math.floor(Date.now());
    const counts = [{ flag: 'a', variant: 'on', reason: 'STATIC', count: 1 }];
    const users = [{ flag: 'a', variant: 'on', sketch: sketch(0, 10) }];
    const told = accepted(await control.observations.summarise(sdk, { to_ms, counts, users }));
    accepted(await control.evaluation.one(sdk, 'a', { targetingKey: 'ana' }));
    return told;
  };
  const of = async () => {
    const { production } = accepted(await control.observations.usage(byAdmin(), 'a')).environments;
    return [production?.evaluations, production?.unique_users.last_24_hours.total];
  };
  assert.equal((await tell()).unique_users, true);
  assert.equal((await set(false)).unique_users, false);
  assert.deepEqual(await of(), [2, 0], 'what was gathered and not yet written goes nowhere');
  assert.equal((await tell()).unique_users, undefined);
  assert.deepEqual(await of(), [4, 0]);
  assert.equal((await set(true)).unique_users, true);
  await tell();
  assert.deepEqual(await of(), [6, 11]);
});
