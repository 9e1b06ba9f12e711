import { type Kysely, sql } from 'kysely';
import { MIGRATIONS, type Migration } from '../migrations/index.ts';
import { StoreError } from '../store-error.ts';
import type { SqlDifferences } from './dialect.ts';
import type { Tables } from './tables.ts';

/** Brings the schema up to date, all or nothing. Safe when several start at once: one migrates, the others then find it done. */
export async function migrate(
  db: Kysely<Tables>,
  differences: SqlDifferences,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await differences.prepareMigration(transaction);
    await sql`CREATE TABLE IF NOT EXISTS migrations (number BIGINT NOT NULL PRIMARY KEY, title TEXT NOT NULL)`.execute(
      transaction,
    );
    const rows = await transaction.selectFrom('migrations').selectAll().orderBy('number').execute();
    const done = rows.at(-1)?.number ?? 0;
    const known = migrations.at(-1)?.number ?? 0;
    if (done > known) {
      throw new StoreError(
        'newer_schema',
        `The database has schema ${done}, but this version of Spillway knows only up to ${known}. Start the newer version again, or restore a backup from before the upgrade.`,
      );
    }
    for (const { number, title, statements } of migrations) {
      if (number <= done) continue;
      for (const statement of statements) await sql.raw(statement).execute(transaction);
      await transaction.insertInto('migrations').values({ number, title }).execute();
    }
  });
}
