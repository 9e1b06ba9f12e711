import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryStore } from '@spillway/stores';
import {
  accepted,
  byAdmin,
  bySdk,
  createTestClock,
  refused,
  sha256,
  startControl,
  type TestClock,
} from '../../testing/start-control.ts';
import type { Control } from '../control.ts';

const ENVIRONMENT = 'staging';
const HOUR_MS = 3_600_000;

interface World {
  readonly control: Control;
  readonly clock: TestClock;
  readonly store: ReturnType<typeof createMemoryStore>;
  /** A moment after all that was done so far, and before all that comes. */
  mark(): number;
}

async function createWorld(t: { after(end: () => unknown): void }): Promise<World> {
  const clock = createTestClock();
  const store = createMemoryStore({ sha256 });
  const control = await startControl({ clock, store });
  t.after(() => control.stop());
  const mark = () => {
    clock.skip(HOUR_MS);
    const at = Math.floor(clock.now());
    clock.skip(HOUR_MS);
    return at;
  };
  return { control, clock, store, mark };
}

async function valueAt({ control }: World, key: string, at_ms: number, context = {}) {
  const how = { environment: ENVIRONMENT, at_ms };
  return accepted(await control.evaluation.one(byAdmin(), key, { targetingKey: 'u', ...context }, how));
}

async function create({ control }: World, key: string, state: object): Promise<void> {
  accepted(await control.flags.create(byAdmin(), { key, environments: { [ENVIRONMENT]: state } }));
}

test('F14: a context is evaluated as of a past moment, by the configuration of then', async (t) => {
  const world = await createWorld(t);
  const { control } = world;
  const before = world.mark();
  await create(world, 'a', { enabled: false });
  const off = world.mark();
  accepted(await control.flags.updateEnvironment(byAdmin(), 'a', ENVIRONMENT, { enabled: true }));
  const on = world.mark();
  accepted(await control.switches.activate(byAdmin(), 'stop', { scope: 'global', environments: [ENVIRONMENT] }));
  const killed = world.mark();
  accepted(await control.switches.release(byAdmin(), 'stop'));
  const released = world.mark();
  accepted(await control.flags.archive(byAdmin(), 'a'));
  const removed = world.mark();
  const told = [];
  for (const at of [before, off, on, killed, released, removed]) {
    const { value, reason, flagMetadata } = await valueAt(world, 'a', at);
    told.push([value, reason, flagMetadata.killSwitch]);
  }
  assert.deepEqual(told, [
    [null, 'ERROR', undefined],
    [false, 'DISABLED', undefined],
    [true, 'STATIC', undefined],
    [false, 'DISABLED', 'stop'],
    [true, 'STATIC', undefined],
    [null, 'ERROR', undefined],
  ]);
});

test('before the flag or its environment existed the answer says which of them was missing', async (t) => {
  const world = await createWorld(t);
  const { control } = world;
  const early = world.mark();
  accepted(await control.environments.create(byAdmin(), { key: 'qa', description: '', protected: false }));
  const between = world.mark();
  accepted(await control.flags.create(byAdmin(), { key: 'a' }));
  world.mark();
  const ask = async (at_ms: number) =>
    accepted(await control.evaluation.one(byAdmin(), 'a', {}, { environment: 'qa', at_ms, trace: true }));
  const noFlag = await ask(between);
  assert.equal(noFlag.errorCode, 'FLAG_NOT_FOUND');
  assert.match(noFlag.errorMessage ?? '', /^no flag had this key in qa at \d{4}-/);
  assert.equal(noFlag.trace?.decided_by, 'error');
  const noEnvironment = await ask(early);
  assert.deepEqual([noEnvironment.errorCode, noEnvironment.flagMetadata.configuration], ['FLAG_NOT_FOUND', 0]);
  assert.match(noEnvironment.errorMessage ?? '', /^there was no environment qa at /);
  const all = accepted(await control.evaluation.many(byAdmin(), {}, { environment: 'qa', at_ms: early }));
  assert.deepEqual(all, { configuration: 0, evaluations: [] });
  refused(await control.evaluation.one(byAdmin(), 'a', {}, { environment: 'no', at_ms: early }), 'not_found');
  assert.equal((await ask(-62_135_596_800_000)).errorCode, 'FLAG_NOT_FOUND');
});

test('the configuration number of the past is the one its snapshot had, also after a restart', async (t) => {
  const world = await createWorld(t);
  const { control, store } = world;
  const known: [number, number][] = [];
  for (const enabled of [false, true, false]) {
    if (known.length === 0) await create(world, 'a', { enabled });
    else accepted(await control.flags.updateEnvironment(byAdmin(), 'a', ENVIRONMENT, { enabled }));
    // Entries that change no snapshot come between.
    accepted(await control.access.issue(byAdmin(), { name: 'n', kind: 'admin' }));
    const { snapshot } = accepted(await control.snapshots.current(bySdk(ENVIRONMENT)));
    known.push([world.mark(), snapshot.number]);
  }
  const restarted = await startControl({ store, clock: world.clock });
  t.after(() => restarted.stop());
  for (const each of [control, restarted]) {
    for (const [at_ms, number] of known) {
      const how = { environment: ENVIRONMENT, at_ms };
      assert.equal(accepted(await each.evaluation.many(byAdmin(), {}, how)).configuration, number);
      assert.equal(
        accepted(await each.evaluation.one(byAdmin(), 'a', {}, how)).flagMetadata.configuration,
        number,
        'one flag alone comes from the same configuration',
      );
    }
  }
});

test('a question about several flags, about all, and about each alone has the same answers', async (t) => {
  const world = await createWorld(t);
  for (const key of ['a', 'b', 'c']) await create(world, key, { enabled: true, percentage: 50 });
  const at_ms = world.mark();
  accepted(await world.control.flags.archive(byAdmin(), 'b'));
  const how = { environment: ENVIRONMENT, at_ms, trace: true };
  const context = { targetingKey: 'somebody' };
  const all = accepted(await world.control.evaluation.many(byAdmin(), context, how));
  assert.deepEqual(
    all.evaluations.map(({ flagKey }) => flagKey),
    ['a', 'b', 'c'],
  );
  const named = accepted(await world.control.evaluation.many(byAdmin(), context, { ...how, flags: ['a', 'b', 'c'] }));
  assert.deepEqual(named, all);
  for (const each of all.evaluations) {
    assert.deepEqual(accepted(await world.control.evaluation.one(byAdmin(), each.flagKey, context, how)), each);
  }
  const now = accepted(await world.control.evaluation.many(byAdmin(), context, { environment: ENVIRONMENT }));
  assert.equal(now.evaluations.length, 2);
});

test('the future is answered by the present configuration, and only admins may ask about the past', async (t) => {
  const world = await createWorld(t);
  await create(world, 'a', { enabled: true });
  const past = world.mark();
  const future = world.clock.now() + 1_000 * HOUR_MS;
  assert.equal((await valueAt(world, 'a', future)).value, true);
  const sdk = bySdk(ENVIRONMENT);
  assert.equal(accepted(await world.control.evaluation.one(sdk, 'a', {}, { at_ms: future })).value, true);
  refused(await world.control.evaluation.one(sdk, 'a', {}, { at_ms: past }), 'forbidden', '/at');
  refused(await world.control.evaluation.many(sdk, {}, { at_ms: past }), 'forbidden', '/at');
});

test('segments are those of then, however deep they are named', async (t) => {
  const world = await createWorld(t);
  const { control } = world;
  const isCountry = (...values: string[]) => ({ attribute: 'country', operator: 'in', values }) as const;
  accepted(await control.segments.create(byAdmin(), { key: 'inner', type: 'rule_based', when: isCountry('de') }));
  const outer = { key: 'outer', type: 'composite', when: { all: [] }, parents: ['inner'] } as const;
  accepted(await control.segments.create(byAdmin(), outer));
  const rules = [{ id: 'r', when: { segment: 'outer' }, serve: { variant: 'on' } }];
  await create(world, 'a', { enabled: true, rules, fallthrough: { variant: 'off' } });
  const german = world.mark();
  const french = { key: 'inner', type: 'rule_based', when: isCountry('fr') } as const;
  accepted(await control.segments.replace(byAdmin(), 'inner', french));
  const later = world.mark();
  const served = async (country: string, at_ms: number) => (await valueAt(world, 'a', at_ms, { country })).value;
  assert.deepEqual([await served('de', german), await served('fr', german)], [true, false]);
  assert.deepEqual([await served('de', later), await served('fr', later)], [false, true]);
});

test('prerequisites and parents are followed into the past, and lists are those of then', async (t) => {
  const world = await createWorld(t);
  const { control } = world;
  const list = { key: 'vips', type: 'list', when: { any: [] } } as const;
  accepted(await control.segments.create(byAdmin(), list));
  const replace = async (...keys: string[]) =>
    accepted(await control.segments.importMembers(byAdmin(), 'vips', 'replace', arriving(keys)));
  await replace('u', 'v');
  const rules = [{ id: 'r', when: { segment: 'vips' }, serve: { variant: 'on' } }];
  await create(world, 'parent', { enabled: true, rules, fallthrough: { variant: 'off' } });
  const child = { enabled: true };
  accepted(
    await control.flags.create(byAdmin(), { key: 'child', parent: 'parent', environments: { [ENVIRONMENT]: child } }),
  );
  const prerequisites = [{ flag: 'child', variants: ['on'] }];
  await create(world, 'grandchild', { enabled: true, prerequisites });
  const listed = world.mark();
  await replace('v');
  const gone = world.mark();
  for (const key of ['parent', 'child', 'grandchild']) {
    assert.equal((await valueAt(world, key, listed)).value, true, key);
    assert.equal((await valueAt(world, key, gone)).value, false, key);
  }
});

async function* arriving<T>(batch: T): AsyncGenerator<T> {
  yield batch;
}
