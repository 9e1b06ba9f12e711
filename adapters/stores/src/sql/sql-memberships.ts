import type { Memberships } from '@spillway/control/ports';
import type { Kysely } from 'kysely';
import { checkIndexedText, checkPage } from '../prepared-commit.ts';
import { checkWhole } from '../prepared-profiles.ts';
import type { Tables } from './tables.ts';

/** `open` answers the database, or throws once the store is closed. */
export function createSqlMemberships(open: () => Kysely<Tables>): Memberships {
  return {
    async record(project, measurement, { segment, upto, ranks }) {
      checkIndexedText('project', project);
      checkIndexedText('segment', segment);
      checkWhole('at_ms', measurement.at_ms);
      await open()
        .transaction()
        .execute(async (transaction) => {
          const { at_ms, profiles, sampled, members, entered, left } = measurement;
          const measured = { profiles, sampled, members, entered, left };
          await transaction
            .insertInto('memberships')
            .values({ project, segment: measurement.segment, at_ms, ...measured })
            .onConflict((conflict) => conflict.columns(['project', 'segment', 'at_ms']).doUpdateSet(measured))
            .execute();
          await transaction
            .insertInto('membership_marks')
            .values({ project, segment, upto, ranks })
            .onConflict((conflict) => conflict.columns(['project', 'segment']).doUpdateSet({ upto, ranks }))
            .execute();
        });
    },
    async mark(project, segment) {
      const row = await open()
        .selectFrom('membership_marks')
        .select(['segment', 'upto', 'ranks'])
        .where('project', '=', project)
        .where('segment', '=', segment)
        .executeTakeFirst();
      return row && { ...row };
    },
    async history(project, segment, limit) {
      checkPage(limit);
      const rows = await open()
        .selectFrom('memberships')
        .select(['segment', 'at_ms', 'profiles', 'sampled', 'members', 'entered', 'left'])
        .where('project', '=', project)
        .where('segment', '=', segment)
        .orderBy('at_ms', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...row }));
    },
    async forgetBefore(project, at_ms) {
      checkWhole('at_ms', at_ms);
      await open().deleteFrom('memberships').where('project', '=', project).where('at_ms', '<', at_ms).execute();
    },
  };
}
