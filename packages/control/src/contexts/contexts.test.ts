import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryStore } from '../../testing/on-every-store.ts';
import {
  accepted,
  byAdmin,
  bySdk,
  createTestClock,
  refused,
  sha256,
  startControl,
} from '../../testing/start-control.ts';
import type { Call } from '../call.ts';
import type { Control } from '../control.ts';
import type { Summary } from '../observations/report.ts';
import { CONTEXTS_KEPT_MS, MAX_CONTEXTS } from './collector.ts';
import { digestOf } from './keep.ts';

const sdk = bySdk('staging');
const page = { limit: 100 };

type Sent = NonNullable<Summary['contexts']>;

function send(
  control: Control,
  items: Sent['items'],
  recent_contexts: Sent['recent_contexts'] = 'full',
  call: Call = sdk,
) {
  const contexts = { recent_contexts, items };
  return control.observations.summarise(call, { to_ms: Math.floor(Date.now()), counts: [], contexts });
}

function users(from: number, to: number) {
  return Array.from({ length: to - from }, (_, index) => ({
    rank: from + index,
    context: { targetingKey: `user-${from + index}`, email: 'a@b.c', plan: 'pro' },
  }));
}

async function collecting(control: Control, recent_contexts: 'hashed' | 'full', private_attributes: string[] = []) {
  return accepted(await control.environments.update(byAdmin(), 'staging', { recent_contexts, private_attributes }));
}

test('nothing is collected unless somebody decides so, and the SDK is told nothing of terms', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  assert.deepEqual(accepted(await send(control, users(0, 3))), { counted: 0, unique_users: true });
  const { recent_contexts, count } = accepted(await control.contexts.list(byAdmin(), 'staging', page));
  assert.deepEqual([recent_contexts, count], ['off', 0]);
});

onEveryStore(
  'F13: contexts are kept in the order of their ranks, without private attributes, over a restart',
  async (t, store) => {
    const first = await startControl({ store });
    await collecting(first, 'full', ['email']);
    const { contexts: terms } = accepted(await send(first, users(0, 5)));
    assert.deepEqual([terms?.recent_contexts, terms?.private_attributes, terms?.upto], ['full', ['email'], undefined]);
    await first.stop();
    const control = await startControl({ store });
    t.after(() => control.stop());
    const all = accepted(await control.contexts.list(byAdmin(), 'staging', { limit: 3 }));
    assert.equal(all.count, 5);
    assert.deepEqual(all.items[0]?.context, { targetingKey: 'user-0', plan: 'pro' });
    assert.ok(all.next !== undefined);
    const rest = accepted(await control.contexts.list(byAdmin(), 'staging', { limit: 3, cursor: all.next }));
    assert.deepEqual(
      [...all.items, ...rest.items].map(({ context }) => context.targetingKey),
      ['user-0', 'user-1', 'user-2', 'user-3', 'user-4'],
    );
    assert.equal(rest.next, undefined);
    assert.equal(accepted(await send(control, [])).contexts?.salt, terms?.salt, 'digests stay the same');
    refused(await control.contexts.list(byAdmin(), 'staging', { limit: 3, cursor: 'x' }), 'invalid', '/cursor');
  },
);

test('what was told under other settings is not kept, and a change of settings deletes what there is', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  await collecting(control, 'full');
  accepted(await send(control, users(0, 5)));
  const before = accepted(await control.contexts.list(byAdmin(), 'staging', page));
  assert.equal(before.count, 5);
  await collecting(control, 'hashed');
  accepted(await send(control, users(0, 5), 'full'));
  accepted(await send(control, users(0, 5), 'hashed'));
  const digested = { rank: 1, context: { targetingKey: sha256('user-1'), plan: 'pro' } };
  accepted(await send(control, [digested], 'hashed'));
  const { items } = accepted(await control.contexts.list(byAdmin(), 'staging', page));
  assert.deepEqual(
    items.map(({ context }) => context),
    [digested.context],
  );
  const changed = accepted(await control.environments.update(byAdmin(), 'staging', { recent_contexts: 'off' }));
  assert.equal(changed.recent_contexts, 'off');
  assert.equal(accepted(await control.contexts.list(byAdmin(), 'staging', page)).count, 0);
});

test('contexts are deleted for good: all of them, or one by its key or its digest; the log never held them', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  await collecting(control, 'hashed');
  const salt = accepted(await send(control, [])).contexts?.salt ?? '';
  const of = (key: string, rank: number) => ({ rank, context: { targetingKey: digestOf(sha256, salt, key) } });
  accepted(await send(control, [of('ann', 1), of('bob', 2), of('cy', 3)], 'hashed'));
  const remove = async (key?: string) => accepted(await control.contexts.remove(byAdmin(), 'staging', key)).deleted;
  accepted(await control.contexts.list(byAdmin(), 'staging', page));
  assert.deepEqual([await remove('ann'), await remove('ann'), await remove(digestOf(sha256, salt, 'bob'))], [1, 0, 1]);
  assert.deepEqual([await remove(), await remove()], [1, 0]);
  assert.notEqual(accepted(await send(control, [])).contexts?.salt, salt, 'old digests mean nothing any more');
  const log = accepted(await control.audit.list(byAdmin(), page));
  assert.ok(!JSON.stringify(log).includes(digestOf(sha256, salt, 'cy')));
});

test('a full environment keeps the lowest ranks and tells SDKs which are still wanted; old contexts expire', async (t) => {
  const clock = createTestClock();
  const control = await startControl({ clock });
  t.after(() => control.stop());
  await collecting(control, 'full');
  accepted(await send(control, users(100, MAX_CONTEXTS + 100)));
  accepted(await control.contexts.list(byAdmin(), 'staging', page));
  accepted(await send(control, users(0, 10)));
  const { items, count } = accepted(await control.contexts.list(byAdmin(), 'staging', page));
  assert.deepEqual([count, items[0]?.context.targetingKey], [MAX_CONTEXTS, 'user-0']);
  assert.equal(accepted(await send(control, [])).contexts?.upto, MAX_CONTEXTS + 89);
  clock.skip(CONTEXTS_KEPT_MS + 7_200_000);
  assert.equal(accepted(await control.contexts.list(byAdmin(), 'staging', page)).count, 0);
});

test('contexts without a key, with one that no store takes or with too much in them are left out', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  await collecting(control, 'full');
  const contexts = [{ plan: 'pro' }, { targetingKey: '' }, { targetingKey: 'a\0b' }, { targetingKey: 'x'.repeat(300) }];
  const large = { targetingKey: 'large', text: 'x'.repeat(40_000) };
  const items = [...contexts, large, { targetingKey: 'fine' }].map((context, rank) => ({ rank, context }));
  accepted(await send(control, items));
  const listed = accepted(await control.contexts.list(byAdmin(), 'staging', page));
  assert.deepEqual(
    listed.items.map(({ context }) => context.targetingKey),
    ['fine'],
  );
});

test('only admins read and delete contexts, of environments that there are', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  refused(await control.contexts.list(sdk, 'staging', page), 'forbidden');
  refused(await control.contexts.remove(sdk, 'staging'), 'forbidden');
  refused(await control.contexts.list(byAdmin(), 'nowhere', page), 'not_found', '/key');
  refused(await control.contexts.remove(byAdmin(), 'nowhere', 'ann'), 'not_found', '/key');
});
