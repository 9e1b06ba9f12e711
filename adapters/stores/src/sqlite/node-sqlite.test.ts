import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { Kysely } from 'kysely';
import { NodeSqliteDialect } from './node-sqlite.ts';

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
