import type { Observations } from '@spillway/control/ports';
import { type Kysely, sql } from 'kysely';
import { checkInteger } from '../prepared-commit.ts';
import { prepareCounts } from '../prepared-counts.ts';
import type { Tables } from './tables.ts';

/** Databases take a bounded number of parameters per statement. */
const ROWS_PER_STATEMENT = 500;

/**
 * The hour where flags are named: SQLite would otherwise go by the index of hours and look at all flags' counts, seconds of
 * them for a month of a large project. The sign keeps it from that.
 */
const HOUR = sql<number>`+"hour_ms"`;

/** The added one where it is lower or the only one known; nothing is lower than null. */
const FIRST = sql<number | null>`CASE WHEN "evaluation_counts"."first_configuration" IS NULL
  OR "excluded"."first_configuration" < "evaluation_counts"."first_configuration"
  THEN "excluded"."first_configuration" ELSE "evaluation_counts"."first_configuration" END`;
const LAST = sql<number | null>`CASE WHEN "evaluation_counts"."last_configuration" IS NULL
  OR "excluded"."last_configuration" > "evaluation_counts"."last_configuration"
  THEN "excluded"."last_configuration" ELSE "evaluation_counts"."last_configuration" END`;

/** `open` answers the database, or throws once the store is closed. */
export function createSqlObservations(open: () => Kysely<Tables>): Observations {
  return {
    async add(project, counts) {
      const rows = prepareCounts(counts).map((count) => ({ ...rowOf(project, count) }));
      if (rows.length === 0) return void open();
      await open()
        .transaction()
        .execute(async (transaction) => {
          for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
            await transaction
              .insertInto('evaluation_counts')
              .values(rows.slice(start, start + ROWS_PER_STATEMENT))
              .onConflict((conflict) =>
                conflict
                  .columns(['project', 'flag', 'environment', 'hour_ms', 'variant', 'reason'])
                  .doUpdateSet((eb) => ({
                    evaluations: eb('evaluation_counts.evaluations', '+', eb.ref('excluded.evaluations')),
                    last_ms: eb
                      .case()
                      .when('excluded.last_ms', '>', eb.ref('evaluation_counts.last_ms'))
                      .then(eb.ref('excluded.last_ms'))
                      .else(eb.ref('evaluation_counts.last_ms'))
                      .end(),
                    first_configuration: FIRST,
                    last_configuration: LAST,
                  })),
              )
              .execute();
          }
        });
    },

    async hours(project, flag, since_ms) {
      checkInteger('since_ms', since_ms);
      const rows = await open()
        .selectFrom('evaluation_counts')
        .select(['environment', 'flag', 'variant', 'reason', 'hour_ms', 'evaluations', 'last_ms'])
        .select(['first_configuration', 'last_configuration'])
        .where('project', '=', project)
        .where('flag', '=', flag)
        .where(HOUR, '>=', since_ms)
        .orderBy('environment')
        .orderBy('hour_ms')
        .orderBy('variant')
        .orderBy('reason')
        .execute();
      return rows.map((row) => ({ ...row, variant: row.variant === '' ? null : row.variant }));
    },

    async used(project, flags, { from_ms, since_ms }) {
      checkInteger('from_ms', from_ms);
      checkInteger('since_ms', since_ms);
      if (flags.length === 0) return [];
      const counted = sql<number | string>`sum(CASE WHEN "hour_ms" >= ${since_ms} THEN "evaluations" ELSE 0 END)`;
      const rows = await open()
        .selectFrom('evaluation_counts')
        .select(({ fn }) => [
          'environment',
          'flag',
          'variant',
          counted.as('evaluations'),
          fn.max('last_ms').as('last_ms'),
        ])
        .where('project', '=', project)
        .where('flag', 'in', [...flags])
        .where(HOUR, '>=', from_ms)
        .groupBy(['flag', 'environment', 'variant'])
        .orderBy('flag')
        .orderBy('environment')
        .orderBy('variant')
        .execute();
      return rows.map(({ environment, flag, variant, evaluations, last_ms }) => ({
        ...{ environment, flag, variant: variant === '' ? null : variant },
        // PostgreSQL sums whole numbers into decimals, which arrive as text.
        ...{ evaluations: Number(evaluations), last_ms },
      }));
    },

    async inParts(project, flags, { since_ms, part_ms }) {
      checkInteger('since_ms', since_ms);
      checkInteger('part_ms', part_ms);
      if (flags.length === 0) return [];
      const at = sql<number>`("hour_ms" - ("hour_ms" % ${sql.lit(part_ms)}))`;
      const rows = await open()
        .selectFrom('evaluation_counts')
        .select(({ fn }) => [
          'flag',
          at.as('at_ms'),
          fn.sum<number | string>('evaluations').as('evaluations'),
          fn.max('last_ms').as('last_ms'),
        ])
        .where('project', '=', project)
        .where('flag', 'in', [...flags])
        .where(HOUR, '>=', since_ms)
        .groupBy(['flag', at])
        .orderBy('flag')
        .orderBy(at)
        .execute();
      return rows.map((row) => ({ ...row, evaluations: Number(row.evaluations) }));
    },

    async earliest(project) {
      const row = await open()
        .selectFrom('evaluation_counts')
        .select(({ fn }) => fn.min('hour_ms').as('hour_ms'))
        .where('project', '=', project)
        .executeTakeFirst();
      return row?.hour_ms ?? undefined;
    },

    async forget(project, before_ms) {
      checkInteger('before_ms', before_ms);
      await open()
        .deleteFrom('evaluation_counts')
        .where('project', '=', project)
        .where('hour_ms', '<', before_ms)
        .execute();
    },
  };
}

function rowOf(project: string, count: Parameters<Observations['add']>[1][number]) {
  const { flag, environment, hour_ms, variant, reason, evaluations, last_ms } = count;
  const { first_configuration, last_configuration } = count;
  return {
    ...{ project, flag, environment, hour_ms, variant: variant ?? '', reason, evaluations, last_ms },
    ...{ first_configuration, last_configuration },
  };
}
