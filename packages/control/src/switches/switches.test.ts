import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { onEveryStore } from '../../testing/on-every-store.ts';
import { accepted, byAdmin, bySdk, createTestStore, refused, startControl } from '../../testing/start-control.ts';
import type { Store } from '../ports/index.ts';

test('K1, K2: a fired switch is obeyed where it acts, and releasing it gives back exactly what was there', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const on = { enabled: true };
  accepted(
    await control.flags.create(byAdmin(), {
      key: 'pay',
      services: ['shop'],
      environments: { production: on, staging: on },
    }),
  );
  const flagsText = async () =>
    JSON.stringify(accepted(await control.snapshots.current(bySdk('production'))).snapshot.flags);
  const before = await flagsText();
  const fired = accepted(
    await control.switches.activate(byAdmin({ reason: 'fraud wave' }), 'stop-shop', {
      scope: 'service',
      affects: ['shop'],
      environments: ['production'],
    }),
  );
  assert.ok(fired.state.is === 'triggered');
  assert.equal(fired.state.activated.reason, 'fraud wave');
  assert.equal(fired.state.activated.actor, 'token:ann');
  const during = accepted(await control.evaluation.one(bySdk('production'), 'pay', { targetingKey: 'u' }));
  assert.deepEqual([during.value, during.flagMetadata.killSwitch], [false, 'stop-shop']);
  const elsewhere = accepted(await control.evaluation.one(bySdk('staging'), 'pay', { targetingKey: 'u' }));
  assert.equal(elsewhere.value, true);
  assert.equal(await flagsText(), before);
  accepted(await control.switches.release(byAdmin({ reason: 'over' }), 'stop-shop'));
  assert.equal(await flagsText(), before);
  assert.equal(accepted(await control.evaluation.one(bySdk('production'), 'pay', { targetingKey: 'u' })).value, true);
});

test('K2: firing twice is recorded once, also when both fire at once', async (t) => {
  const store = createTestStore();
  const control = await startControl({ store });
  t.after(() => control.stop());
  const fire = async () => accepted(await control.switches.activate(byAdmin(), 'all', { scope: 'global' }));
  const both = await Promise.all([fire(), fire()]);
  assert.deepEqual(new Set(both.map(({ unchanged }) => unchanged)), new Set([undefined, true]));
  const [one, other] = both.map(({ unchanged: _, ...document }) => document);
  assert.deepEqual(one, other);
  assert.deepEqual(await fire(), { ...one, unchanged: true });
  const entries = await store.entries('default', { noun: 'switches', limit: 10 });
  assert.deepEqual(
    entries.map(({ action }) => action),
    ['switch.activated'],
  );
  const released = accepted(await control.switches.release(byAdmin(), 'all'));
  assert.deepEqual(accepted(await control.switches.release(byAdmin(), 'all')), { ...released, unchanged: true });
});

test('K2: firing and releasing want a reason; nothing else is asked, not even where it is protected', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  refused(await control.switches.activate(byAdmin({ reason: ' ' }), 'all', { scope: 'global' }), 'invalid', '/reason');
  accepted(await control.switches.activate(byAdmin({ reason: 'x' }), 'all', { scope: 'global' }));
  refused(await control.switches.release(byAdmin({ reason: '' }), 'all'), 'invalid', '/reason');
});

test('a switch that would miss what it is for is refused when it is made', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  accepted(await control.flags.create(byAdmin(), { key: 'pay' }));
  const create = (more: object) =>
    control.switches.create(byAdmin(), { key: 's', scope: 'feature', affects: ['pay'], ...more });
  refused(await create({ affects: ['pay', 'typo'] }), 'invalid', '/affects/1');
  refused(await create({ affects: [] }), 'invalid', '/affects');
  refused(await create({ scope: 'global' }), 'invalid', '/affects');
  refused(await create({ scope: 'region' }), 'invalid', '/scope');
  refused(await create({ environments: ['prod'] }), 'invalid', '/environments/0');
  refused(await create({ key: 'No' }), 'invalid', '/key');
  refused(await control.switches.activate(byAdmin(), 's'), 'not_found');
  accepted(await create({ scope: 'service', affects: ['nobody-knows'] }));
  refused(await create({}), 'exists', '/key');
});

test('describing an existing switch differently while firing it is refused; a fired one is not deleted', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const create = { scope: 'service', affects: ['a', 'b'] } as const;
  accepted(await control.switches.create(byAdmin(), { key: 's', ...create }));
  refused(await control.switches.activate(byAdmin(), 's', { scope: 'global' }), 'conflict');
  refused(await control.switches.activate(byAdmin(), 's', { scope: 'service', affects: ['a'] }), 'conflict');
  refused(await control.switches.activate(byAdmin(), 's', { environments: ['production'] }), 'conflict');
  refused(await control.switches.activate(byAdmin(), 's', { affects: ['a'] }), 'conflict');
  refused(await control.switches.activate(byAdmin(), 'new', { environments: ['production'] }), 'not_found');
  accepted(await control.switches.activate(byAdmin(), 's', { scope: 'service', affects: ['b', 'a'] }));
  accepted(await control.switches.activate(byAdmin(), 's', { affects: ['a', 'b'] }));
  refused(await control.switches.remove(byAdmin(), 's'), 'in_use');
  accepted(await control.switches.release(byAdmin(), 's'));
  accepted(await control.switches.remove(byAdmin(), 's'));
  refused(await control.switches.get(byAdmin(), 's'), 'not_found');
});

/** Long enough for a segment to be deleted, were it not waiting. */
const WHILE_DELETING_MS = 400;

onEveryStore('K1: a segment does not go while a switch is being made for it', async (t, inner) => {
  let deleting: Promise<unknown> | undefined;
  const store: Store = {
    ...inner,
    async commit(commit) {
      if (commit.writes[0]?.action.startsWith('switch.') === true) {
        deleting = control.segments.remove(byAdmin(), commit.writes[0].key);
        await Promise.race([deleting, setTimeout(WHILE_DELETING_MS)]);
      }
      return inner.commit(commit);
    },
  };
  const control = await startControl({ store });
  t.after(() => control.stop());
  const cover = { scope: 'user_segment' } as const;
  for (const [key, make] of [
    ['made', () => control.switches.create(byAdmin(), { key: 'made', ...cover, affects: ['made'] })],
    ['fired', () => control.switches.activate(byAdmin(), 'fired', { ...cover, affects: ['fired'] })],
  ] as const) {
    accepted(await control.segments.create(byAdmin(), { key, parents: [], members: { keys: ['u'] } }));
    accepted(await make());
    await deleting;
    accepted(await control.segments.get(byAdmin(), key));
  }
});
