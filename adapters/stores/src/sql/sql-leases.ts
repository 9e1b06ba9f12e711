import type { Lease } from '@spillway/control/ports';
import { type Kysely, sql } from 'kysely';
import { StoreError } from '../store-error.ts';
import type { Tables } from './tables.ts';

/** Between being refused and asking who holds the lease it may be released; this often is asked again. */
const ACQUIRE_ATTEMPTS = 5;

/** One statement decides, so no two can be told that they hold the lease. */
export async function acquireLease(
  db: Kysely<Tables>,
  name: string,
  holder: string,
  now_ms: number,
  duration_ms: number,
): Promise<Lease> {
  for (let attempt = 0; attempt < ACQUIRE_ATTEMPTS; attempt += 1) {
    const held = await tryAcquire(db, name, holder, now_ms, duration_ms);
    if (held !== undefined) return { is: 'held', ...held };
    const row = await db.selectFrom('leases').selectAll().where('name', '=', name).executeTakeFirst();
    if (row !== undefined && row.until_ms > now_ms) return { is: 'taken', holder: row.holder, until_ms: row.until_ms };
  }
  throw new StoreError('busy', `The lease ${name} changes hands too often to be read. Try again in a moment.`);
}

export async function releaseLease(db: Kysely<Tables>, name: string, holder: string): Promise<void> {
  // until_ms of a free lease lies before any moment, and its number stays for the next holder's to be higher.
  await db
    .updateTable('leases')
    .set({ holder: '', until_ms: Number.MIN_SAFE_INTEGER })
    .where('name', '=', name)
    .where('holder', '=', holder)
    .execute();
}

function tryAcquire(db: Kysely<Tables>, name: string, holder: string, now_ms: number, duration_ms: number) {
  const until_ms = now_ms + duration_ms;
  const isMine = sql<boolean>`leases.holder = excluded.holder AND leases.until_ms > ${now_ms}`;
  const isFree = sql<boolean>`leases.until_ms <= ${now_ms}`;
  return db
    .insertInto('leases')
    .values({ name, holder, fencing: 1, until_ms })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({
          holder: (eb) => eb.ref('excluded.holder'),
          fencing: sql<number>`CASE WHEN ${isMine} THEN leases.fencing ELSE leases.fencing + 1 END`,
          until_ms: sql<number>`CASE WHEN ${isMine} AND leases.until_ms > excluded.until_ms THEN leases.until_ms ELSE excluded.until_ms END`,
        })
        .where(sql<boolean>`(${isMine}) OR ${isFree}`),
    )
    .returning(['fencing', 'until_ms'])
    .executeTakeFirst();
}
