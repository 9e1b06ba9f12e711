import type { Profile, Profiles, RankedProfile } from '@spillway/control/ports';
import { type Kysely, sql } from 'kysely';
import { checkIndexedText, checkPage } from '../prepared-commit.ts';
import { checkProfilePage, checkWhole, lastOfEach, prepareProfiles } from '../prepared-profiles.ts';
import type { ProfileRow, Tables } from './tables.ts';

/** After whatever a key goes on with, in the order of bytes. */
const AFTER_ALL = '\u{10ffff}'.repeat(2);

/** `open` answers the database, or throws once the store is closed. */
export function createSqlProfiles(open: () => Kysely<Tables>): Profiles {
  return {
    async put(project, profiles) {
      const db = open();
      const texts = prepareProfiles(project, profiles);
      const rows = profiles.map(({ key, rank, updated_at_ms }, index) => {
        return { project, key, rank, attributes: texts[index] ?? '', updated_at_ms };
      });
      if (rows.length === 0) return;
      await db
        .insertInto('profiles')
        // In one order everywhere, so that two who write the same profiles at once do not wait for one another forever.
        .values(lastOfEach(rows).toSorted((one, other) => (one.key < other.key ? -1 : 1)))
        .onConflict((conflict) =>
          conflict.columns(['project', 'key']).doUpdateSet({
            rank: (eb) => eb.ref('excluded.rank'),
            attributes: (eb) => eb.ref('excluded.attributes'),
            updated_at_ms: (eb) => eb.ref('excluded.updated_at_ms'),
          }),
        )
        .execute();
    },
    async read(project, key) {
      checkIndexedText('key', key);
      const row = await open()
        .selectFrom('profiles')
        .selectAll()
        .where('project', '=', project)
        .where('key', '=', key)
        .executeTakeFirst();
      return row && profileFromRow(row);
    },
    async list(project, page) {
      checkProfilePage(page);
      let query = open().selectFrom('profiles').selectAll().where('project', '=', project);
      if (page.after !== undefined) query = query.where('key', '>', page.after);
      if (page.prefix !== undefined) {
        query = query.where('key', '>=', page.prefix).where('key', '<', `${page.prefix}${AFTER_ALL}`);
      }
      const rows = await query.orderBy('key').limit(page.limit).execute();
      return rows.map(profileFromRow);
    },
    async byRank(project, { after, limit }) {
      checkPage(limit);
      let query = open().selectFrom('profiles').selectAll().where('project', '=', project);
      if (after !== undefined) {
        checkWhole('rank', after.rank);
        checkIndexedText('key', after.key);
        query = query.where(sql<boolean>`("rank", "key") > (${after.rank}, ${after.key})`);
      }
      const rows = await query.orderBy('rank').orderBy('key').limit(limit).execute();
      return rows.map((row): RankedProfile => ({ ...profileFromRow(row), rank: row.rank }));
    },
    async count(project) {
      const counted = await open()
        .selectFrom('profiles')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('project', '=', project)
        .executeTakeFirstOrThrow();
      return counted.count;
    },
    async remove(project, key) {
      checkIndexedText('key', key);
      const gone = await open()
        .deleteFrom('profiles')
        .where('project', '=', project)
        .where('key', '=', key)
        .returning('key')
        .execute();
      return gone.length > 0;
    },
  };
}

function profileFromRow({ key, attributes, updated_at_ms }: ProfileRow): Profile {
  return { key, attributes: JSON.parse(attributes), updated_at_ms };
}
