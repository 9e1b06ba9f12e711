import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openSqliteStore } from '@spillway/stores';
import type { Store } from '../src/index.ts';
import { createTestStore, sha256 } from './start-control.ts';

/** The same test over memory and over SQLite in a file of its own. */
export function onEveryStore(name: string, body: (t: TestContext, store: Store) => Promise<void>): void {
  test(`${name} (memory)`, (t) => body(t, createTestStore()));
  test(`${name} (SQLite)`, async (t) => {
    const directory = await mkdtemp(join(tmpdir(), 'spillway-control-'));
    t.after(() => rm(directory, { recursive: true, force: true }));
    const store = await openSqliteStore({ file: join(directory, 'spillway.db'), sha256 });
    t.after(() => store.close());
    await body(t, store);
  });
}
