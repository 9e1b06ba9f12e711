import assert from 'node:assert/strict';
import { onEveryStore } from '../../testing/on-every-store.ts';
import { accepted, byAdmin, bySdk, refused, startControl } from '../../testing/start-control.ts';
import type { Control } from '../control.ts';

const BETA = { attribute: 'beta', operator: 'equals', values: [true] } as const;
const FREE = { attribute: 'plan', operator: 'equals', values: ['free'] } as const;

async function* rows(...keys: string[]) {
  yield keys;
}

async function listed(control: Control, ...keys: string[]): Promise<readonly string[]> {
  const { items } = accepted(await control.segments.checkMembers(byAdmin(), 'vips', keys));
  return items.filter((item) => item.listed).map(({ key }) => key);
}

const forSegment = (segment: string) => ({
  key: 'checkout',
  environments: {
    production: {
      enabled: true,
      rules: [{ when: { segment }, serve: { variant: 'on' } }],
      fallthrough: { variant: 'off' },
    },
  },
});

async function valueFor(control: Control, targetingKey: string) {
  return accepted(await control.evaluation.one(bySdk('production'), 'checkout', { targetingKey })).value;
}

onEveryStore('who changed a segment, when, why, and what differs between two versions', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  const { segments } = control;
  accepted(await segments.create(byAdmin({ reason: 'first' }), { key: 'beta', when: BETA, owner: 'ann' }));
  accepted(await segments.create(byAdmin(), { key: 'other', when: BETA }));
  accepted(await segments.replace(byAdmin({ reason: 'moved' }), 'beta', { key: 'beta', when: BETA, owner: 'bob' }));
  const first = accepted(await segments.history(byAdmin(), 'beta', { limit: 1 }));
  assert.deepEqual(
    first.items.map(({ reason, version, summary }) => [reason, version, summary]),
    [['moved', 2, 'owner ann → bob']],
  );
  const rest = accepted(await segments.history(byAdmin(), 'beta', { limit: 5, cursor: first.next ?? '' }));
  assert.deepEqual(
    rest.items.map(({ summary }) => summary),
    ['created, rule_based'],
  );
  const changes = [{ path: '/owner', before: 'ann', after: 'bob' }];
  assert.deepEqual(accepted(await segments.compare(byAdmin(), 'beta', {})), { from: 1, to: 2, changes });
  assert.equal(accepted(await segments.version(byAdmin(), 'beta', 1)).owner, 'ann');
  refused(await segments.version(byAdmin(), 'beta', 3), 'not_found', '/version');
  refused(await segments.history(byAdmin(), 'never', { limit: 1 }), 'not_found');
  refused(await segments.restore(byAdmin(), 'never', 1), 'not_found');
  for (const answer of [
    segments.history(bySdk('staging'), 'beta', { limit: 3 }),
    segments.version(bySdk('staging'), 'beta', 1),
    segments.compare(bySdk('staging'), 'beta', {}),
    segments.restore(bySdk('staging'), 'beta', 1),
  ]) {
    refused(await answer, 'forbidden');
  }
});

onEveryStore('a restored segment has the list it had, and flags answer by it', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  const { segments } = control;
  accepted(await segments.create(byAdmin(), { key: 'vips', members: { by: 'targetingKey', keys: ['ann', 'bob'] } }));
  accepted(await control.flags.create(byAdmin(), forSegment('vips')));
  accepted(await segments.importMembers(byAdmin(), 'vips', 'replace', rows('eve')));
  assert.deepEqual([await listed(control, 'ann', 'eve'), await valueFor(control, 'ann')], [['eve'], false]);
  const restored = accepted(await segments.restore(byAdmin(), 'vips', 1));
  assert.deepEqual([restored.version, restored.members?.count], [3, 2]);
  assert.deepEqual(await listed(control, 'ann', 'bob', 'eve'), ['ann', 'bob']);
  assert.deepEqual([await valueFor(control, 'ann'), await valueFor(control, 'eve')], [true, false]);
  const [entry] = accepted(await segments.history(byAdmin(), 'vips', { limit: 1 })).items;
  assert.deepEqual([entry?.action, entry?.summary], ['segment.restored', 'list 1 → 2 members']);
  const again = accepted(await segments.restore(byAdmin(), 'vips', 1));
  assert.deepEqual([again.version, again.unchanged], [3, true]);
  refused(await segments.restore(byAdmin({ expected_version: 1 }), 'vips', 2), 'stale');
});

onEveryStore('a deleted segment is restored with its list', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  const { segments } = control;
  const { version: _, ...was } = accepted(
    await segments.create(byAdmin(), { key: 'vips', members: { keys: ['ann'] }, priority: 3 }),
  );
  accepted(await segments.remove(byAdmin(), 'vips'));
  assert.deepEqual(accepted(await segments.restore(byAdmin(), 'vips', 1)), { ...was, version: 1 });
  assert.deepEqual(await listed(control, 'ann', 'bob'), ['ann']);
});

onEveryStore('what a version names may be gone or be made of it, and then it is not restored', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  const { segments } = control;
  accepted(await segments.create(byAdmin(), { key: 'base', when: BETA }));
  accepted(await segments.create(byAdmin(), { key: 'a', when: BETA, exclusions: ['base'] }));
  accepted(await segments.replace(byAdmin(), 'a', { key: 'a', when: BETA }));
  accepted(await segments.replace(byAdmin(), 'base', { key: 'base', when: { segment: 'a' } }));
  const cyclic = refused(await segments.restore(byAdmin(), 'a', 1), 'conflict', '/exclusions/0');
  assert.match(cyclic.message, /Version 1 of a cannot be restored .* leads back to a/);
  accepted(await segments.remove(byAdmin(), 'base'));
  const gone = refused(await segments.restore(byAdmin(), 'a', 1), 'conflict', '/exclusions/0');
  assert.match(gone.message, /Version 1 of a cannot be restored .* unknown segment base/);
  assert.equal(accepted(await segments.get(byAdmin(), 'a')).version, 2);
});

onEveryStore(
  'restoring wants a reason when a flag asks for the segment and would answer otherwise',
  async (t, store) => {
    const control = await startControl({ store });
    t.after(() => control.stop());
    const { segments } = control;
    accepted(await segments.create(byAdmin(), { key: 'beta', when: BETA, owner: 'ann' }));
    accepted(await segments.replace(byAdmin(), 'beta', { key: 'beta', when: BETA, owner: 'bob' }));
    accepted(await segments.replace(byAdmin(), 'beta', { key: 'beta', when: FREE, owner: 'bob' }));
    accepted(await control.flags.create(byAdmin(), forSegment('beta')));
    refused(await segments.restore(byAdmin({ reason: '' }), 'beta', 2), 'invalid', '/reason');
    accepted(await segments.restore(byAdmin(), 'beta', 2));
    assert.equal(accepted(await segments.restore(byAdmin({ reason: '' }), 'beta', 1)).owner, 'ann');
  },
);
