import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition } from '@spillway/evaluator';
import { accepted, byAdmin, createTestStore, startControl } from '../../../testing/start-control.ts';
import type { Control } from '../../control.ts';

const PRO: Condition = { attribute: 'plan', operator: 'equals', values: ['pro'] };
const LONGEST_WAIT_MS = 20_000;

/** The counts of the newest measurement that there is once it counts so many members. */
async function measured(control: Control, segment: string, members: number) {
  const end = Date.now() + LONGEST_WAIT_MS;
  for (;;) {
    const { items } = accepted(await control.segments.membership(byAdmin(), segment));
    const [newest] = items;
    if (newest?.members === members) {
      const { entered, left, profiles, sampled } = newest;
      return { entered, left, profiles, sampled, points: items.length };
    }
    assert.ok(Date.now() < end, `never ${members} members: ${JSON.stringify(items)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('S6: who came and went is recorded after profiles or segments changed, on one replica, and told after a restart', async (t) => {
  const store = createTestStore();
  const [control, replica] = await Promise.all([startControl({ store }), startControl({ store })]);
  t.after(() => Promise.all([control.stop(), replica.stop()]));
  const put = async (key: string, plan: string) =>
    accepted(await control.profiles.put(byAdmin(), { key, attributes: { plan } }));
  for (const key of ['u1', 'u2', 'u3']) await put(key, 'pro');
  await put('u4', 'free');
  accepted(await control.segments.create(byAdmin(), { key: 'pro', when: PRO }));
  const all = { profiles: 4, sampled: 4 };
  assert.deepEqual(await measured(control, 'pro', 3), { ...all, entered: 3, left: 0, points: 1 });
  await put('u4', 'pro');
  await put('u1', 'free');
  accepted(await control.profiles.remove(byAdmin(), 'u2'));
  assert.deepEqual(await measured(control, 'pro', 2), { profiles: 3, sampled: 3, entered: 1, left: 2, points: 2 });
  accepted(await control.segments.replace(byAdmin(), 'pro', { key: 'pro', when: { all: [] } }));
  assert.deepEqual(await measured(control, 'pro', 3), { profiles: 3, sampled: 3, entered: 1, left: 0, points: 3 });
  const restarted = await startControl({ store });
  t.after(() => restarted.stop());
  assert.equal((await measured(restarted, 'pro', 3)).points, 3);
});
