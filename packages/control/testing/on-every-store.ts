import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openPostgresStore, openSqliteStore } from '@spillway/stores';
import { postgresForTests } from '@spillway/tests/postgres';
import type { Store } from '../src/index.ts';
import { createTestStore, sha256 } from './start-control.ts';

const postgres = await postgresForTests();

/** The same test over memory, over SQLite in a file of its own, and over PostgreSQL in a database of its own. */
export function onEveryStore(name: string, body: (t: TestContext, store: Store) => Promise<void>): void {
  test(`${name} (memory)`, (t) => body(t, createTestStore()));
  test(`${name} (SQLite)`, async (t) => body(t, await sqliteFor(t)));
  test(`${name} (PostgreSQL)`, { skip: postgres.skip }, async (t) => {
    const store = await openPostgresStore({ url: await postgres.database(), sha256 });
    t.after(() => store.close());
    await body(t, store);
  });
}

/** SQLite in a file of its own, gone after the test. */
export async function sqliteFor(t: TestContext): Promise<Store> {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-control-'));
  const store = await openSqliteStore({ file: join(directory, 'spillway.db'), sha256 });
  t.after(async () => {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });
  return store;
}
