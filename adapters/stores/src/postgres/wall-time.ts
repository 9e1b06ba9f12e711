import { type Kysely, sql } from 'kysely';
import type { Tables } from '../sql/tables.ts';

/** The server's time of day in milliseconds, at the statement and not at the beginning of its transaction. */
export async function wallTime(db: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{
    readonly ms: number;
  }>`SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('PostgreSQL told no time.');
  return row.ms;
}
