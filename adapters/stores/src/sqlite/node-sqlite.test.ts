import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { Kysely } from 'kysely';
import { migrate } from '../sql/migrate.ts';
import { createSqlStore } from '../sql/sql-store.ts';
import type { Tables } from '../sql/tables.ts';
import { NodeSqliteDialect } from './node-sqlite.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test('a full disk is called that, and the database goes on once there is room', async () => {
  const database = new DatabaseSync(':memory:');
  const db = new Kysely<{ notes: { text: string } }>({ dialect: new NodeSqliteDialect(database) });
  database.exec('CREATE TABLE notes (text TEXT); PRAGMA max_page_count = 10');
  const write = () =>
    db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('notes')
        .values({ text: 'x'.repeat(100_000) })
        .execute();
    });
  await assert.rejects(write(), /database or disk is full/);
  assert.deepEqual(await db.selectFrom('notes').selectAll().execute(), []);
  database.exec('PRAGMA max_page_count = 1000');
  await write();
  assert.equal((await db.selectFrom('notes').selectAll().execute()).length, 1);
  await db.destroy();
});

test('a disk that turns out to be full when a commit is confirmed has taken nothing of it', async () => {
  const database = new DatabaseSync(':memory:');
  const prepare = database.prepare.bind(database);
  let full = false;
  database.prepare = (text) => {
    const statement = prepare(text);
    if (text !== 'commit') return statement;
    const run = statement.run.bind(statement);
    statement.run = () => {
      if (full) throw Object.assign(new Error('database or disk is full'), { errcode: 13 });
      return run();
    };
    return statement;
  };
  const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(database) });
  const differences = { rowLocks: false, prepareMigration: async () => {} };
  await migrate(db, differences);
  const store = createSqlStore({ db, sha256, differences, close: () => db.destroy() });
  const write = { noun: 'flags', key: 'checkout', expected: 0, after: {}, action: 'flag.created' } as const;
  const change = { project: 'default', at_ms: 1, actor: 'ann', reason: '', writes: [write] };
  full = true;
  await assert.rejects(store.commit(change), { code: 'unwritable' });
  full = false;
  assert.equal(await store.read('default', 'flags', 'checkout'), undefined);
  assert.equal((await store.commit(change)).is, 'committed');
  await store.close();
});
