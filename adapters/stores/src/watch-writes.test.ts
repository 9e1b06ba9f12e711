import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { createMemoryStore } from './memory/memory-store.ts';
import { StoreError } from './store-error.ts';
import { watchWrites } from './watch-writes.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const change = {
  ...{ project: 'default', at_ms: 1, actor: 'ann', reason: '' },
  writes: [{ noun: 'flags', key: 'checkout', expected: 0, after: {}, action: 'flag.created' }],
} as const;

test('a store that took no write is not ready, says why, and is again once a write of any kind comes through', async () => {
  const memory = createMemoryStore({ sha256 });
  let full = false;
  const write = async <T>(go: () => Promise<T>): Promise<T> => {
    if (full) throw new StoreError('unwritable', 'The disk is full. Free space on it.');
    return go();
  };
  const { store, ready } = watchWrites(
    {
      ...memory,
      commit: (commit) => write(() => memory.commit(commit)),
      acquireLease: (...asked) => write(() => memory.acquireLease(...asked)),
    },
    'default',
  );
  await ready();
  full = true;
  // Nobody has tried yet.
  await ready();
  await assert.rejects(store.commit(change), { code: 'unwritable' });
  await assert.rejects(ready(), /The disk is full/);
  await assert.rejects(ready(), /The disk is full/);
  full = false;
  await ready();
  full = true;
  await ready();
  await assert.rejects(store.commit(change), { code: 'unwritable' });
  full = false;
  assert.equal((await store.commit(change)).is, 'committed');
  full = true;
  await ready();
});
