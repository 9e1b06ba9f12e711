import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryStore } from '../../testing/on-every-store.ts';
import { accepted, byAdmin, bySdk, refused, startControl } from '../../testing/start-control.ts';

test('settings of an environment are changed with a version, a reason where it is protected, and a trace in the log', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const update = { recent_contexts: 'hashed', private_attributes: ['phone', 'email', 'phone'] } as const;
  refused(
    await control.environments.update({ principal: byAdmin().principal }, 'production', update),
    'invalid',
    '/reason',
  );
  const changed = accepted(await control.environments.update(byAdmin({ expected_version: 1 }), 'production', update));
  assert.deepEqual(
    [changed.version, changed.recent_contexts, changed.private_attributes, changed.protected],
    [2, 'hashed', ['email', 'phone'], true],
  );
  refused(await control.environments.update(byAdmin({ expected_version: 1 }), 'production', update), 'stale');
  const same = accepted(await control.environments.update(byAdmin(), 'production', { recent_contexts: 'hashed' }));
  assert.equal(same.version, 2, 'nothing changed');
  const { items } = accepted(await control.audit.list(byAdmin(), { limit: 1 }));
  assert.equal(items[0]?.action, 'environment.updated');
  const listed = accepted(await control.environments.list(byAdmin(), { limit: 9 }));
  assert.deepEqual(
    listed.items.map(({ key, recent_contexts }) => [key, recent_contexts]),
    [
      ['development', 'off'],
      ['production', 'hashed'],
      ['staging', 'off'],
    ],
  );
});

test('an environment is protected later on, and only with a reason no longer: both stand in the log', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const { principal } = byAdmin();
  const update = (key: string, isProtected: boolean, reason?: string) =>
    control.environments.update({ principal, ...(reason === undefined ? {} : { reason }) }, key, {
      protected: isProtected,
    });
  const create = (key: string) => control.flags.create({ principal }, { key, environments: { staging: ON } });
  accepted(await create('before'));
  const guarded = accepted(await update('staging', true));
  assert.deepEqual([guarded.protected, guarded.version, guarded.description], [true, 2, 'Where changes are rehearsed']);
  refused(await create('after'), 'invalid', '/reason');
  refused(await update('staging', false), 'invalid', '/reason');
  refused(await control.environments.update(bySdk('staging'), 'staging', { protected: false }), 'forbidden');
  assert.equal(accepted(await update('staging', true)).version, 2, 'nothing changed');
  assert.equal(accepted(await update('staging', false, 'nobody works there any more')).protected, false);
  accepted(await create('after'));
  const { items } = accepted(await control.audit.list(byAdmin(), { limit: 9, noun: 'environments', key: 'staging' }));
  assert.deepEqual(
    items.slice(0, 2).map(({ action, reason }) => [action, reason]),
    [
      ['environment.updated', 'nobody works there any more'],
      ['environment.updated', ''],
    ],
  );
});

const ON = { enabled: true };

test('settings that make no sense, environments that are not there and SDK keys are refused', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const settings = (private_attributes: string[]) =>
    control.environments.update(byAdmin(), 'staging', { private_attributes });
  refused(await settings(['targetingKey']), 'invalid', '/private_attributes/0');
  refused(await settings(['ok', '']), 'invalid', '/private_attributes/1');
  refused(await settings(Array.from({ length: 101 }, (_, index) => `a${index}`)), 'invalid', '/private_attributes');
  refused(await control.environments.update(byAdmin(), 'nowhere', {}), 'not_found', '/key');
  refused(await control.environments.update(bySdk('staging'), 'staging', {}), 'forbidden');
});

onEveryStore(
  'settings are no part of snapshots: numbers and configurations stay, also after a restart',
  async (t, store) => {
    const first = await startControl({ store });
    accepted(await first.flags.create(byAdmin(), { key: 'a', environments: { staging: { enabled: true } } }));
    const staging = bySdk('staging');
    const before = accepted(await first.snapshots.current(staging));
    accepted(await first.environments.update(byAdmin(), 'staging', { recent_contexts: 'full' }));
    assert.equal(accepted(await first.snapshots.current(staging)).etag, before.etag);
    const at_ms = Date.now();
    accepted(await first.environments.update(byAdmin(), 'staging', { description: 'once more' }));
    await first.stop();
    const control = await startControl({ store });
    t.after(() => control.stop());
    assert.equal(accepted(await control.snapshots.current(staging)).etag, before.etag);
    const past = accepted(await control.evaluation.one(byAdmin(), 'a', {}, { environment: 'staging', at_ms }));
    assert.equal(past.flagMetadata.configuration, before.snapshot.number);
  },
);
