import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryStore } from '../../testing/on-every-store.ts';
import { accepted, byAdmin, createTestStore, refused, startControl } from '../../testing/start-control.ts';

const requiring = (flag: string) => ({ prerequisites: [{ flag, variants: ['on'] }] });

onEveryStore('F6: what others depend on stays until they let go of it', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  accepted(await control.flags.create(byAdmin(), { key: 'base' }));
  accepted(await control.flags.create(byAdmin(), { key: 'child', parent: 'base' }));
  accepted(await control.flags.create(byAdmin(), { key: 'other', environments: { staging: requiring('base') } }));
  const refusal = refused(await control.flags.archive(byAdmin(), 'base'), 'in_use');
  assert.deepEqual(refusal.details, { flags: ['child', 'other'] });
  refused(await control.flags.remove(byAdmin(), 'base'), 'in_use');
  const variants = [
    { name: 'yes', value: true },
    { name: 'off', value: false },
  ];
  refused(await control.flags.replace(byAdmin(), 'base', { key: 'base', variants }), 'in_use', '/variants');
  accepted(await control.flags.updateEnvironment(byAdmin(), 'other', 'staging', { prerequisites: [] }));
  accepted(await control.flags.replace(byAdmin(), 'base', { key: 'base', variants }));
  accepted(await control.flags.replace(byAdmin(), 'child', { key: 'child' }));
  accepted(await control.flags.archive(byAdmin(), 'base'));
});

onEveryStore('F6: two flags that come to require each other at the same time do not both succeed', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  accepted(await control.flags.create(byAdmin(), { key: 'a' }));
  accepted(await control.flags.create(byAdmin(), { key: 'b' }));
  const outcomes = await Promise.all([
    control.flags.updateEnvironment(byAdmin(), 'a', 'staging', requiring('b')),
    control.flags.updateEnvironment(byAdmin(), 'b', 'staging', requiring('a')),
  ]);
  assert.equal(outcomes.filter(({ ok }) => ok).length, 1);
});

test('F6: a flag that another replica has just made can be required', async (t) => {
  const store = createTestStore();
  const one = await startControl({ store });
  const other = await startControl({ store });
  t.after(() => Promise.all([one.stop(), other.stop()]));
  accepted(await one.flags.create(byAdmin(), { key: 'a' }));
  accepted(await other.flags.create(byAdmin(), { key: 'b' }));
  accepted(await one.flags.updateEnvironment(byAdmin(), 'a', 'staging', requiring('b')));
  refused(await one.flags.create(byAdmin(), { key: 'c', parent: 'nowhere' }), 'invalid', '/parent');
});
