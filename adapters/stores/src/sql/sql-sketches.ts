import type { PartBounds, UserSketch, UserSketches } from '@spillway/control/ports';
import { mergeSketches } from '@spillway/statistics';
import type { ExpressionBuilder, Kysely, Transaction } from 'kysely';
import { checkInteger } from '../prepared-commit.ts';
import { prepareSketches, sketchId } from '../prepared-sketches.ts';
import type { SqlDifferences } from './dialect.ts';
import type { Tables, UserSketchRow } from './tables.ts';

/** Databases take a bounded number of parameters per statement; and a transaction holds so many rows at most. */
const ROWS_AT_ONCE = 200;
const KEY = ['project', 'flag', 'environment', 'part', 'at_ms', 'variant'] as const;

/** `open` answers the database, or throws once the store is closed. */
export function createSqlSketches(open: () => Kysely<Tables>, { rowLocks }: SqlDifferences): UserSketches {
  return {
    async merge(project, sketches) {
      const rows = prepareSketches(sketches).map((sketch) => rowOf(project, sketch));
      if (rows.length === 0) return void open();
      // Merging again changes nothing, so that each part may be written by itself.
      for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
        await open()
          .transaction()
          .execute((transaction) => mergeRows(transaction, rows.slice(start, start + ROWS_AT_ONCE), rowLocks));
      }
    },

    async of(project, flag, since) {
      checkBounds(since);
      const rows = await open()
        .selectFrom('user_sketches')
        .selectAll()
        .where('project', '=', project)
        .where('flag', '=', flag)
        .where((eb) => beyond(eb, '>=', since))
        .orderBy('environment')
        .orderBy('part')
        .orderBy('at_ms')
        .orderBy('variant')
        .execute();
      return rows.map(({ environment, variant, part, at_ms, sketch }) => {
        return { environment, flag, variant: variant === '' ? null : variant, part, at_ms, sketch };
      });
    },

    async forget(project, before) {
      checkBounds(before);
      await open()
        .deleteFrom('user_sketches')
        .where('project', '=', project)
        .where((eb) => beyond(eb, '<', before))
        .execute();
    },
  };
}

/** The database cannot merge sketches: what is there already is read, merged and written while nobody else may. */
async function mergeRows(
  transaction: Transaction<Tables>,
  rows: readonly UserSketchRow[],
  rowLocks: boolean,
): Promise<void> {
  await transaction
    .insertInto('user_sketches')
    .values([...rows])
    .onConflict((conflict) => conflict.columns([...KEY]).doNothing())
    .execute();
  const stored = await transaction
    .selectFrom('user_sketches')
    .selectAll()
    .where('project', '=', rows[0]?.project ?? '')
    .where('flag', 'in', [...new Set(rows.map(({ flag }) => flag))])
    .where('at_ms', 'in', [...new Set(rows.map(({ at_ms }) => at_ms))])
    .orderBy('flag')
    .orderBy('environment')
    .orderBy('part')
    .orderBy('at_ms')
    .orderBy('variant')
    .$if(rowLocks, (query) => query.forUpdate())
    .execute();
  const known = new Map(stored.map((row) => [sketchId(row), row.sketch]));
  const changed = rows.flatMap((row) => {
    const before = known.get(sketchId(row)) ?? row.sketch;
    const sketch = mergeSketches(before, row.sketch);
    return sketch === before ? [] : [{ ...row, sketch }];
  });
  if (changed.length === 0) return;
  await transaction
    .insertInto('user_sketches')
    .values(changed)
    .onConflict((conflict) => conflict.columns([...KEY]).doUpdateSet({ sketch: (eb) => eb.ref('excluded.sketch') }))
    .execute();
}

function rowOf(project: string, { flag, environment, part, at_ms, variant, sketch }: UserSketch): UserSketchRow {
  return { project, flag, environment, part, at_ms, variant: variant ?? '', sketch };
}

function beyond(
  { and, or, eb }: ExpressionBuilder<Tables, 'user_sketches'>,
  operator: '<' | '>=',
  { hour_ms, day_ms }: PartBounds,
) {
  return or([
    and([eb('part', '=', 'hour'), eb('at_ms', operator, hour_ms)]),
    and([eb('part', '=', 'day'), eb('at_ms', operator, day_ms)]),
  ]);
}

function checkBounds({ hour_ms, day_ms }: PartBounds): void {
  checkInteger('hour_ms', hour_ms);
  checkInteger('day_ms', day_ms);
}
