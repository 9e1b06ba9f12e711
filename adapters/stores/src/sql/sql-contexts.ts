import type { Contexts, RecentContext } from '@spillway/control/ports';
import { type Kysely, sql, type Transaction } from 'kysely';
import { checkIndexedText, checkInteger, checkPage } from '../prepared-commit.ts';
import { checkMost, prepareContexts } from '../prepared-contexts.ts';
import type { RecentContextRow, Tables } from './tables.ts';

/** Databases take a bounded number of parameters per statement. */
const ROWS_PER_STATEMENT = 500;

/** `open` answers the database, or throws once the store is closed. */
export function createSqlContexts(open: () => Kysely<Tables>): Contexts {
  const within = (project: string, environment: string) => {
    checkIndexedText('environment', environment);
    return { project, environment };
  };

  return {
    async put(project, environment, contexts, most) {
      checkMost(most);
      const rows = prepareContexts(project, environment, contexts).map(({ text, ...row }) => {
        return { project, environment, ...row, attributes: text };
      });
      if (rows.length === 0) return void open();
      await open()
        .transaction()
        .execute(async (transaction) => {
          for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
            await upsert(transaction, rows.slice(start, start + ROWS_PER_STATEMENT));
          }
          await trim(transaction, { project, environment }, most);
        });
    },

    async byRank(project, environment, { after, limit }) {
      checkPage(limit);
      let query = open()
        .selectFrom('recent_contexts')
        .selectAll()
        .where(({ and }) => and(within(project, environment)));
      if (after !== undefined) {
        checkInteger('rank', after.rank);
        checkIndexedText('key', after.key);
        query = query.where(sql<boolean>`("rank", "key") > (${after.rank}, ${after.key})`);
      }
      const rows = await query.orderBy('rank').orderBy('key').limit(limit).execute();
      return rows.map(contextFromRow);
    },

    async kept(project, environment) {
      const { count, oldest_ms, newest_ms, highest_rank } = await open()
        .selectFrom('recent_contexts')
        .select(({ fn }) => [
          fn.countAll<number>().as('count'),
          fn.min('seen_ms').as('oldest_ms'),
          fn.max('seen_ms').as('newest_ms'),
          fn.max('rank').as('highest_rank'),
        ])
        .where(({ and }) => and(within(project, environment)))
        .executeTakeFirstOrThrow();
      return { count, oldest_ms: oldest_ms ?? null, newest_ms: newest_ms ?? null, highest_rank: highest_rank ?? null };
    },

    async remove(project, environment, key) {
      checkIndexedText('key', key);
      const gone = await open()
        .deleteFrom('recent_contexts')
        .where(({ and }) => and({ ...within(project, environment), key }))
        .returning('key')
        .execute();
      return gone.length > 0;
    },

    async clear(project, environment) {
      const where = within(project, environment);
      return open()
        .transaction()
        .execute(async (transaction) => {
          await transaction
            .deleteFrom('context_salts')
            .where(({ and }) => and(where))
            .execute();
          const gone = await transaction
            .deleteFrom('recent_contexts')
            .where(({ and }) => and(where))
            .executeTakeFirst();
          return Number(gone.numDeletedRows);
        });
    },

    async forget(project, before_ms) {
      checkInteger('before_ms', before_ms);
      await open()
        .deleteFrom('recent_contexts')
        .where('project', '=', project)
        .where('seen_ms', '<', before_ms)
        .execute();
    },

    async salt(project, environment, fresh) {
      checkIndexedText('salt', fresh);
      const where = within(project, environment);
      await open()
        .insertInto('context_salts')
        .values({ ...where, salt: fresh })
        .onConflict((conflict) => conflict.columns(['project', 'environment']).doNothing())
        .execute();
      const row = await open()
        .selectFrom('context_salts')
        .select('salt')
        .where(({ and }) => and(where))
        .executeTakeFirst();
      // Cleared in between by another replica: the fresh one will do, and is gone at the next look.
      return row?.salt ?? fresh;
    },
  };
}

async function upsert(transaction: Transaction<Tables>, rows: readonly RecentContextRow[]): Promise<void> {
  await transaction
    .insertInto('recent_contexts')
    .values([...rows])
    .onConflict((conflict) =>
      conflict.columns(['project', 'environment', 'key']).doUpdateSet({
        rank: (eb) => eb.ref('excluded.rank'),
        attributes: (eb) => eb.ref('excluded.attributes'),
        seen_ms: (eb) => eb.ref('excluded.seen_ms'),
      }),
    )
    .execute();
}

/** Without so many rows there is no last one to compare with, and nothing is deleted. */
async function trim(
  transaction: Transaction<Tables>,
  where: Pick<RecentContextRow, 'project' | 'environment'>,
  most: number,
): Promise<void> {
  const last = await transaction
    .selectFrom('recent_contexts')
    .select(['rank', 'key'])
    .where(({ and }) => and({ ...where }))
    .orderBy('rank')
    .orderBy('key')
    .limit(1)
    .offset(most - 1)
    .executeTakeFirst();
  if (last === undefined) return;
  await transaction
    .deleteFrom('recent_contexts')
    .where(({ and }) => and({ ...where }))
    .where(sql<boolean>`("rank", "key") > (${last.rank}, ${last.key})`)
    .execute();
}

function contextFromRow({ key, rank, attributes, seen_ms }: RecentContextRow): RecentContext {
  return { key, rank, attributes: JSON.parse(attributes), seen_ms };
}
