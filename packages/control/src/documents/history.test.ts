import assert from 'node:assert/strict';
import { onEveryStore } from '../../testing/on-every-store.ts';
import { accepted, byAdmin, bySdk, refused, startControl } from '../../testing/start-control.ts';

onEveryStore('F12: who changed a flag, when, why, and what was before and after, newest first', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  accepted(await control.flags.create(byAdmin({ reason: 'first' }), { key: 'a' }));
  accepted(await control.flags.create(byAdmin(), { key: 'b' }));
  for (const percentage of [10, 20, 30]) {
    accepted(
      await control.flags.updateEnvironment(byAdmin({ reason: `${percentage}` }), 'a', 'staging', { percentage }),
    );
  }
  const first = accepted(await control.flags.history(byAdmin(), 'a', { limit: 3 }));
  assert.deepEqual(
    first.items.map(({ reason, version, actor }) => [reason, version, actor.includes('ann')]),
    [
      ['30', 4, true],
      ['20', 3, true],
      ['10', 2, true],
    ],
  );
  assert.ok(first.next);
  const rest = accepted(await control.flags.history(byAdmin(), 'a', { limit: 3, cursor: first.next }));
  assert.deepEqual(
    rest.items.map(({ reason }) => reason),
    ['first'],
  );
  assert.equal(rest.next, undefined);
  refused(await control.flags.history(byAdmin(), 'never', { limit: 3 }), 'not_found');
  refused(await control.flags.history(byAdmin(), 'b', { limit: 3, cursor: 'ff' }), 'invalid', '/cursor');
  for (const answer of [
    control.flags.history(bySdk('staging'), 'a', { limit: 3 }),
    control.flags.version(bySdk('staging'), 'a', 1),
    control.flags.compare(bySdk('staging'), 'a', {}),
    control.flags.restore(bySdk('staging'), 'a', 1),
  ]) {
    refused(await answer, 'forbidden');
  }
});

onEveryStore(
  'F12: two versions are compared, the newest with the one before it unless said otherwise',
  async (t, store) => {
    const control = await startControl({ store });
    t.after(() => control.stop());
    accepted(await control.flags.create(byAdmin(), { key: 'a', owner: 'ann' }));
    accepted(await control.flags.replace(byAdmin(), 'a', { key: 'a', owner: 'bob' }));
    accepted(await control.flags.replace(byAdmin(), 'a', { key: 'a', owner: 'bob', tags: ['x'] }));
    const changes = [{ path: '/tags', before: [], after: ['x'] }];
    assert.deepEqual(accepted(await control.flags.compare(byAdmin(), 'a', {})), { from: 2, to: 3, changes });
    const whole = accepted(await control.flags.compare(byAdmin(), 'a', { from: 1, to: 3 }));
    assert.deepEqual(whole.changes, [{ path: '/owner', before: 'ann', after: 'bob' }, ...changes]);
    const back = accepted(await control.flags.compare(byAdmin(), 'a', { from: 3, to: 1 }));
    assert.deepEqual(back.changes[0], { path: '/owner', before: 'bob', after: 'ann' });
    const created = accepted(await control.flags.compare(byAdmin(), 'a', { to: 1 }));
    assert.deepEqual([created.from, created.changes.length, created.changes[0]?.path], [0, 1, '']);
    assert.equal(accepted(await control.flags.version(byAdmin(), 'a', 1)).owner, 'ann');
    refused(await control.flags.version(byAdmin(), 'a', 4), 'not_found', '/version');
    refused(await control.flags.compare(byAdmin(), 'a', { from: 7 }), 'not_found', '/version');
  },
);

onEveryStore('F12: restoring is a new change; it may be of a flag that was deleted', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  const rules = [{ id: 'one', when: { all: [] }, serve: { variant: 'on' } }];
  const first = { key: 'a', environments: { staging: { rules, percentage: 5 } } };
  const created = accepted(await control.flags.create(byAdmin(), first));
  accepted(await control.flags.replace(byAdmin(), 'a', { key: 'a' }));
  const restored = accepted(await control.flags.restore(byAdmin(), 'a', 1));
  assert.deepEqual(restored, { ...created, version: 3 });
  assert.equal(accepted(await control.flags.restore(byAdmin(), 'a', 3)).version, 3);
  refused(await control.flags.restore(byAdmin({ expected_version: 1 }), 'a', 2), 'stale');
  accepted(await control.flags.remove(byAdmin(), 'a'));
  assert.deepEqual(accepted(await control.flags.restore(byAdmin(), 'a', 3)), { ...created, version: 1 });
  const [entry] = accepted(await control.flags.history(byAdmin(), 'a', { limit: 1 })).items;
  assert.equal(entry?.action, 'flag.restored');
});

onEveryStore('F12: what a version refers to may be gone, and then it is not restored', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  accepted(await control.flags.create(byAdmin(), { key: 'base' }));
  accepted(await control.flags.create(byAdmin(), { key: 'a', parent: 'base' }));
  accepted(await control.flags.replace(byAdmin(), 'a', { key: 'a' }));
  accepted(await control.flags.archive(byAdmin(), 'base'));
  const refusal = refused(await control.flags.restore(byAdmin(), 'a', 1), 'conflict', '/parent');
  assert.match(refusal.message, /Version 1 of a cannot be restored .* base, which is archived/);
  assert.equal(accepted(await control.flags.get(byAdmin(), 'a')).version, 2);
});

onEveryStore('a protected environment wants a reason for a restored state that is felt there', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  accepted(await control.flags.create(byAdmin(), { key: 'a', environments: { production: { enabled: true } } }));
  accepted(await control.flags.replace(byAdmin(), 'a', { key: 'a' }));
  refused(await control.flags.restore(byAdmin({ reason: '' }), 'a', 1), 'invalid', '/reason');
  accepted(await control.flags.restore(byAdmin(), 'a', 1));
});
