import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Store } from '@spillway/control/ports';
import { StoreError } from '../store-error.ts';
import { watchWrites } from '../watch-writes.ts';
import { openSqliteStore } from './sqlite-store.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function place(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-in-place-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return { folder, file: join(folder, 'spillway.db') };
}

function write(store: Store, key: string) {
  const made = { noun: 'flags', key, expected: 0, after: {}, action: 'flag.created' } as const;
  return store.commit({ project: 'default', at_ms: 1, actor: 'ann', reason: '', writes: [made] });
}

function unwritable(message: RegExp) {
  return (fault: unknown) => fault instanceof StoreError && fault.code === 'unwritable' && message.test(fault.message);
}

const keysIn = async (store: Store) => (await store.list('default', 'flags', { limit: 100 })).map(({ key }) => key);

for (const [what, go, told] of [
  ['the database deleted', (file: string) => rmSync(file), /spillway\.db is gone\. What it held is in/],
  ['its log of writes deleted', (file: string) => rmSync(`${file}-wal`), /spillway\.db-wal is gone/],
  [
    'an older copy put in its place',
    (file: string) => {
      copyFileSync(file, `${file}.old`);
      renameSync(`${file}.old`, file);
    },
    /spillway\.db is not the file that was opened/,
  ],
] as const) {
  test(`with ${what} under a running store no write is confirmed, and all that was is saved`, async (t) => {
    const { folder, file } = place(t);
    const opened = await openSqliteStore({ file, sha256 });
    const { store, ready } = watchWrites(opened, 'default');
    assert.equal((await write(store, 'before')).is, 'committed');
    await ready();
    go(file);
    await assert.rejects(ready(), unwritable(told), 'noticed without a write');
    await assert.rejects(write(store, 'after'), unwritable(told));
    await assert.rejects(store.acquireLease('a', 'b', 1, 1), unwritable(told));
    assert.deepEqual(await keysIn(store), ['before'], 'it still answers');
    const copies = readdirSync(folder).filter((name) => name.includes('-rescued-'));
    assert.deepEqual(copies, ['spillway.db-rescued-1'], 'saved once');
    await assert.rejects(store.close(), unwritable(told));
    await assert.rejects(openSqliteStore({ file, sha256 }), /rescued-1 holds what was in.*newest/, 'not forgotten');
    for (const ending of ['-wal', '-shm']) rmSync(file + ending, { force: true });
    renameSync(`${file}-rescued-1`, file);
    const next = await openSqliteStore({ file, sha256 });
    assert.deepEqual(await keysIn(next), ['before']);
    assert.equal((await write(next, 'after')).is, 'committed');
    await next.close();
  });
}

test('files that are put back are written again', async (t) => {
  const { folder, file } = place(t);
  const store = await openSqliteStore({ file, sha256 });
  renameSync(file, `${file}.away`);
  await assert.rejects(write(store, 'a'), unwritable(/is gone/));
  renameSync(`${file}.away`, file);
  assert.equal((await write(store, 'a')).is, 'committed');
  assert.ok(!readdirSync(folder).includes('spillway.db-rescued-1'), 'what they hold needs no copy');
  await store.close();
  await (await openSqliteStore({ file, sha256 })).close();
});
