import type { EventFilter, Events, StoredEvent } from '@spillway/control/ports';
import { type Kysely, sql } from 'kysely';
import { checkInteger, checkPage } from '../prepared-commit.ts';
import { type PreparedEvent, prepareEvents } from '../prepared-events.ts';
import type { EventRow, Tables } from './tables.ts';

/** Databases take a bounded number of parameters per statement. */
const ROWS_PER_STATEMENT = 500;

/** `open` answers the database, or throws once the store is closed. */
export function createSqlEvents(open: () => Kysely<Tables>): Events {
  return {
    async add(project, events) {
      const rows = prepareEvents(events).map((event) => rowOf(project, event));
      if (rows.length === 0) {
        open();
        return 0;
      }
      return open()
        .transaction()
        .execute(async (transaction) => {
          let fresh = 0;
          for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
            const added = await transaction
              .insertInto('events')
              .values(rows.slice(start, start + ROWS_PER_STATEMENT))
              .onConflict((conflict) => conflict.columns(['project', 'environment', 'id']).doNothing())
              .returning('id')
              .execute();
            fresh += added.length;
          }
          return fresh;
        });
    },

    async page(project, filter) {
      checkPage(filter.limit);
      const rows = await wanted(open(), project, filter)
        .orderBy('received_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(filter.limit)
        .execute();
      return rows.map(eventFromRow);
    },

    async exposures(project, flag, since_ms) {
      checkInteger('since_ms', since_ms);
      const rows = await open()
        .selectFrom('events')
        .select(({ fn }) => [
          'environment',
          'variant',
          fn.countAll<number | string>().as('events'),
          sql<number | string>`count(DISTINCT nullif("subject", ''))`.as('users'),
        ])
        .where('project', '=', project)
        .where('flag', '=', flag)
        .where('type', '=', 'flag_evaluated')
        .where('received_ms', '>=', since_ms)
        .groupBy(['environment', 'variant'])
        .orderBy('environment')
        .orderBy('variant')
        .execute();
      return rows.map(({ environment, variant, events, users }) => ({
        ...{ environment, variant: variant === '' ? null : variant },
        ...{ events: Number(events), users: Number(users) },
      }));
    },

    async forget(project, { before_ms, most }) {
      checkInteger('before_ms', before_ms);
      const beyond = await open()
        .selectFrom('events')
        .select('received_ms')
        .where('project', '=', project)
        .orderBy('received_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .offset(most)
        .executeTakeFirst();
      await open()
        .deleteFrom('events')
        .where('project', '=', project)
        .where('received_ms', '<', Math.max(before_ms, (beyond?.received_ms ?? -1) + 1))
        .execute();
    },
  };
}

function wanted(db: Kysely<Tables>, project: string, filter: EventFilter) {
  const { environment, type, flag, name, user, from_ms, to_ms, before } = filter;
  let query = db.selectFrom('events').selectAll().where('project', '=', project);
  if (environment !== undefined) query = query.where('environment', '=', environment);
  if (type !== undefined) query = query.where('type', '=', type);
  if (flag !== undefined) query = query.where('flag', '=', flag);
  if (name !== undefined) query = query.where('name', '=', name);
  if (user !== undefined) query = query.where('subject', '=', user);
  if (from_ms !== undefined) query = query.where('received_ms', '>=', from_ms);
  if (to_ms !== undefined) query = query.where('received_ms', '<', to_ms);
  if (before === undefined) return query;
  return query.where(sql<boolean>`("received_ms", "id") < (${before.received_ms}, ${before.id})`);
}

function rowOf(project: string, { text, name, flag, variant, user, ...event }: PreparedEvent): EventRow {
  const texts = { name: name ?? '', flag: flag ?? '', variant: variant ?? '', subject: user ?? '' };
  return { project, ...event, ...texts, body: text };
}

function eventFromRow({ project: _, name, flag, variant, subject, body, ...event }: EventRow): StoredEvent {
  const known = (text: string) => (text === '' ? null : text);
  const texts = { name: known(name), flag: known(flag), variant: known(variant), user: known(subject) };
  return { ...event, ...texts, body: JSON.parse(body) };
}
