import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SnapshotDelta } from '@spillway/evaluator';
import {
  accepted,
  byAdmin,
  bySdk,
  createTestBus,
  createTestLog,
  createTestStore,
  refused,
  startControl,
} from '../../testing/start-control.ts';
import type { Control } from '../control.ts';
import type { SnapshotEvent } from './use-cases.ts';

async function follow(control: Control, environment: string, since?: number) {
  const events: SnapshotEvent[] = [];
  const subscription = accepted(
    await control.snapshots.subscribe(bySdk(environment), since, (event) => events.push(event)),
  );
  return { events, close: () => subscription.close() };
}

async function current(control: Control, environment: string) {
  return accepted(await control.snapshots.current(bySdk(environment)));
}

test('a snapshot holds the flags as its environment sees them, off where nothing was said', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  accepted(await control.flags.create(byAdmin(), { key: 'a', environments: { staging: { enabled: true } } }));
  const { snapshot, text, etag } = await current(control, 'staging');
  assert.equal(snapshot.flags.a?.enabled, true);
  assert.equal((await current(control, 'production')).snapshot.flags.a?.enabled, false);
  assert.deepEqual(JSON.parse(text), snapshot);
  assert.match(etag, /^"\d+-[0-9a-f]{32}"$/);
  assert.equal((await current(control, 'staging')).text, text);
  refused(await control.snapshots.current(byAdmin()), 'invalid', '/environment');
  refused(await control.snapshots.current(bySdk('gone')), 'not_found');
});

test('all who come at the same time are given one and the same snapshot event', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const followers = await Promise.all([follow(control, 'staging'), follow(control, 'staging', 999_999)]);
  t.after(() => followers.forEach(({ close }) => void close()));
  const [one, other] = followers.map(({ events }) => events[0]);
  assert.ok(one !== undefined && one === other);
  accepted(await control.flags.create(byAdmin(), { key: 'newer' }));
  const late = await follow(control, 'staging');
  late.close();
  assert.ok(late.events[0] !== one && late.events[0]?.event === 'snapshot');
});

test('F10: a follower gets one snapshot, then each change once and in order before the write is answered', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const { events, close } = await follow(control, 'production');
  assert.deepEqual(
    events.map(({ event }) => event),
    ['snapshot'],
  );
  accepted(await control.flags.create(byAdmin(), { key: 'a' }));
  assert.equal(events.length, 2);
  accepted(await control.flags.archive(byAdmin(), 'a'));
  const [first, second, third] = events;
  assert.ok(first?.event === 'snapshot' && second?.event === 'delta' && third?.event === 'delta');
  assert.equal(second.data.base, first.id);
  assert.equal(third.data.base, second.id);
  assert.equal(second.data.flags?.a?.key, 'a');
  assert.deepEqual(third.data.flags, { a: null });
  assert.deepEqual(JSON.parse(third.text), third.data);
  close();
  accepted(await control.flags.create(byAdmin(), { key: 'b' }));
  assert.equal(events.length, 3);
});

test('F10: a stream resumes with what it missed or with a snapshot, and then it is told that this was all', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const start = (await current(control, 'production')).snapshot.number;
  for (const key of ['a', 'b', 'c']) accepted(await control.flags.create(byAdmin(), { key }));
  const resumed = await follow(control, 'production', start);
  assert.deepEqual(
    resumed.events.map((event) => (event.event === 'delta' ? Object.keys(event.data.flags ?? {}) : event.event)),
    [['a'], ['b'], ['c'], 'current'],
  );
  const { number } = (await current(control, 'production')).snapshot;
  const ending = { event: 'current', id: number, data: { number }, text: `{"number":${number}}` };
  assert.deepEqual((await follow(control, 'production', number)).events, [ending]);
  for (const since of [start - 1, start + 0.5, number + 7, -1]) {
    const { events } = await follow(control, 'production', since);
    assert.deepEqual(
      events.map(({ event, id }) => [event, id]),
      [
        ['snapshot', number],
        ['current', number],
      ],
    );
  }
});

test('P11: a reader that is ahead of the store is wondered at, once', async (t) => {
  const log = createTestLog();
  const control = await startControl({ log });
  t.after(() => control.stop());
  const { number } = (await current(control, 'production')).snapshot;
  for (const since of [undefined, number, number + 7, number + 8]) await follow(control, 'production', since);
  assert.equal(log.lines.filter((line) => line.startsWith('A reader has a newer configuration')).length, 1);
});

test('a listener that throws harms no other', async (t) => {
  const log = createTestLog();
  const control = await startControl({ log });
  t.after(() => control.stop());
  accepted(
    await control.snapshots.subscribe(bySdk('production'), undefined, () => {
      throw new Error('connection gone');
    }),
  );
  const { events } = await follow(control, 'production');
  accepted(await control.flags.create(byAdmin(), { key: 'a' }));
  assert.equal(events.length, 2);
  assert.equal(log.lines.filter((line) => line.includes('listener')).length, 2);
});

test('numbers and texts are the same after a restart, whatever was deleted or released since', async (t) => {
  const store = createTestStore();
  const before = await startControl({ store });
  accepted(await before.flags.create(byAdmin(), { key: 'a' }));
  accepted(await before.flags.create(byAdmin(), { key: 'b', environments: { staging: { enabled: true } } }));
  accepted(await before.switches.activate(byAdmin(), 's', { scope: 'global', environments: ['staging'] }));
  accepted(await before.environments.create(byAdmin(), { key: 'qa', description: '', protected: false }));
  accepted(await before.flags.remove(byAdmin(), 'a'));
  accepted(await before.switches.release(byAdmin(), 's'));
  accepted(await before.switches.remove(byAdmin(), 's'));
  accepted(await before.services.put(byAdmin(), 'qa', 'shop', { path_prefix: '/', sticky: { cookie: 'c' } }));
  await before.stop();
  const after = await startControl({ store });
  t.after(() => after.stop());
  for (const environment of ['development', 'staging', 'production', 'qa']) {
    const [one, other] = [await current(before, environment), await current(after, environment)];
    assert.equal(other.text, one.text);
    assert.equal(other.etag, one.etag);
  }
  const numbers = ['production', 'staging', 'qa'].map(async (name) => (await current(after, name)).snapshot.number);
  assert.deepEqual(await Promise.all(numbers), [8, 9, 8]);
});

test('P7: a second replica has the change as soon as the bus tells it, with the same number and text', async (t) => {
  const store = createTestStore();
  const bus = createTestBus();
  const [one, other] = await Promise.all([startControl({ store, bus }), startControl({ store, bus })]);
  t.after(() => Promise.all([one.stop(), other.stop()]));
  const { events } = await follow(other, 'production');
  accepted(await one.flags.create(byAdmin(), { key: 'a' }));
  for (let turn = 0; turn < 100 && events.length < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(events.length, 2);
  assert.equal((await current(other, 'production')).text, (await current(one, 'production')).text);
});

test('a replica without a bus sees the change by looking itself', async (t) => {
  const store = createTestStore();
  const [one, other] = await Promise.all([startControl({ store }), startControl({ store })]);
  t.after(() => Promise.all([one.stop(), other.stop()]));
  const changed = Promise.withResolvers<SnapshotEvent>();
  accepted(
    await other.snapshots.subscribe(bySdk('production'), undefined, (event) => {
      if (event.event === 'delta') changed.resolve(event);
    }),
  );
  accepted(await one.flags.create(byAdmin(), { key: 'a' }));
  const delta = (await changed.promise).data as SnapshotDelta;
  assert.equal(delta.flags?.a?.version, 1);
});
