import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { Kysely } from 'kysely';
import { MIGRATIONS } from '../migrations/index.ts';
import { NodeSqliteDialect } from '../sqlite/node-sqlite.ts';
import { migrate } from './migrate.ts';
import type { Tables } from './tables.ts';

const differences = { rowLocks: false, prepareMigration: async () => {} };
const first = { number: 1, title: 'first', statements: ['CREATE TABLE one (n INT)'] };

function tablesOf(database: DatabaseSync): unknown[] {
  return database
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
    .all()
    .map((row) => row.name);
}

test('a migration that fails half-way leaves nothing of itself, and what was there works on', async () => {
  const database = new DatabaseSync(':memory:');
  const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(database) });
  await migrate(db, differences, [first]);
  const broken = { number: 2, title: 'broken', statements: ['CREATE TABLE two (n INT)', 'CREATE TABLE one (n INT)'] };
  await assert.rejects(migrate(db, differences, [first, broken]), /table one already exists/);
  assert.deepEqual(tablesOf(database), ['migrations', 'one']);
  const mended = { number: 2, title: 'mended', statements: ['CREATE TABLE two (n INT)'] };
  await migrate(db, differences, [first, mended]);
  await migrate(db, differences, [first, mended]);
  assert.deepEqual(tablesOf(database), ['migrations', 'one', 'two']);
  await db.destroy();
});

test('migrations are numbered 1, 2, 3 without gaps', () => {
  assert.deepEqual(
    MIGRATIONS.map(({ number }) => number),
    MIGRATIONS.map((_, index) => index + 1),
  );
});
