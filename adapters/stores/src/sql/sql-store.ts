import type { CommitOutcome, EntryFilter, Sha256, Store } from '@spillway/control/ports';
import { GENESIS, type LogEntry, type Steps } from '@spillway/core';
import { type Kysely, sql, type Transaction } from 'kysely';
import {
  checkFilter,
  checkInteger,
  checkLeaseRequest,
  checkPage,
  checkSeqs,
  isStep,
  type PreparedCommit,
  preparingCommit,
} from '../prepared-commit.ts';
import { StoreError } from '../store-error.ts';
import { readGround, writePlan } from './batch-rows.ts';
import { createCommitQueue } from './commit-queue.ts';
import type { SqlDifferences } from './dialect.ts';
import { inTurns } from './in-turns.ts';
import { listAt, seqAt, timesOf } from './past.ts';
import { type Decision, planBatch } from './plan-batch.ts';
import { createSqlChunks } from './sql-chunks.ts';
import { createSqlContexts } from './sql-contexts.ts';
import { createSqlEvents } from './sql-events.ts';
import { acquireLease, releaseLease } from './sql-leases.ts';
import { createSqlMemberships } from './sql-memberships.ts';
import { createSqlObservations } from './sql-observations.ts';
import { createSqlProfiles } from './sql-profiles.ts';
import { createSqlSketches } from './sql-sketches.ts';
import { type EntryRow, entryFromRow, storedFromRow, type Tables } from './tables.ts';

export interface SqlStoreParts {
  readonly db: Kysely<Tables>;
  readonly sha256: Sha256;
  readonly differences: SqlDifferences;
  /** Frees what the store was opened with, after the last statement. */
  readonly close: () => Promise<void>;
}

/** The store over any database that Kysely speaks to; the schema must be up to date. */
export function createSqlStore({ db, sha256, differences, close }: SqlStoreParts): Store {
  const queue = createCommitQueue((commits: readonly PreparedCommit[]) => writeBatch(db, commits, sha256, differences));
  const taken = new Set<Promise<CommitOutcome>>();
  let closing: Promise<void> | undefined;

  function open(): Kysely<Tables> {
    if (closing !== undefined) throw new StoreError('closed', 'The store is closed.');
    return db;
  }

  return {
    chunks: createSqlChunks(open),
    profiles: createSqlProfiles(open),
    memberships: createSqlMemberships(open),
    observations: createSqlObservations(open),
    userSketches: createSqlSketches(open, differences),
    contexts: createSqlContexts(open),
    events: createSqlEvents(open),

    async read(project, noun, key) {
      const row = await open()
        .selectFrom('documents')
        .selectAll()
        .where('project', '=', project)
        .where('noun', '=', noun)
        .where('key', '=', key)
        .executeTakeFirst();
      return row && storedFromRow(row);
    },

    async list(project, noun, { after, limit }) {
      checkPage(limit);
      let query = open().selectFrom('documents').selectAll().where('project', '=', project).where('noun', '=', noun);
      if (after !== undefined) query = query.where('key', '>', after);
      const rows = await query.orderBy('key').limit(limit).execute();
      return rows.map(storedFromRow);
    },

    async commit(commit) {
      open();
      const answer = inTurns(preparingCommit(commit))
        .then(queue.add)
        .catch((fault) => {
          const why = differences.unwritable?.(fault);
          throw why === undefined ? fault : new StoreError('unwritable', why, fault);
        });
      taken.add(answer);
      return answer.finally(() => taken.delete(answer));
    },

    async entries(project, filter) {
      checkFilter(filter);
      return readEntries(open(), project, filter);
    },

    async seqAt(project, at_ms) {
      checkInteger('at_ms', at_ms);
      return seqAt(open(), project, at_ms);
    },

    async timesOf(project, seqs) {
      checkSeqs(seqs);
      return timesOf(open(), project, seqs);
    },

    async listAt(project, noun, seq, page) {
      checkInteger('seq', seq);
      checkPage(page.limit);
      return listAt(open(), project, noun, seq, page);
    },

    async head(project) {
      const head = await open()
        .selectFrom('heads')
        .select(['seq', 'hash'])
        .where('project', '=', project)
        .executeTakeFirst();
      return head === undefined ? GENESIS : { seq: head.seq, hash: head.hash };
    },

    async acquireLease(name, holder, now_ms, duration_ms) {
      checkLeaseRequest(name, holder, now_ms, duration_ms);
      return acquireLease(open(), name, holder, now_ms, duration_ms);
    },

    async releaseLease(name, holder) {
      checkLeaseRequest(name, holder);
      await releaseLease(open(), name, holder);
    },

    async close() {
      closing ??= Promise.allSettled(taken).then(queue.drain).then(close);
      await closing;
    },
  };
}

async function writeBatch(
  db: Kysely<Tables>,
  commits: readonly PreparedCommit[],
  sha256: Sha256,
  differences: SqlDifferences,
): Promise<readonly CommitOutcome[]> {
  let confirming = false;
  try {
    return await db.transaction().execute(async (transaction) => {
      const ground = await readGround(transaction, commits, differences);
      const plan = await inTurns(planBatch(commits, ground, sha256));
      await writePlan(transaction, plan);
      const outcomes: CommitOutcome[] = [];
      for (const decision of plan.decisions) outcomes.push(await outcomeOf(transaction, decision));
      confirming = true;
      return outcomes;
    });
  } catch (fault) {
    // One that says that it took no write has taken none, also at the very end, where a full disk shows with SQLite.
    if (!confirming || (fault instanceof StoreError && fault.code === 'unwritable')) throw fault;
    throw new StoreError(
      'outcome_unknown',
      'The database did not confirm the change: it may or may not have been written. Read it again, or repeat the request with the same idempotency key.',
      fault,
    );
  }
}

async function outcomeOf(transaction: Transaction<Tables>, decision: Decision): Promise<CommitOutcome> {
  if (decision.is === 'committed') return { is: 'committed', entries: await inTurns(readBack(decision.entries)) };
  if (decision.is !== 'repeated') return decision;
  const { project, first_seq, last_seq } = decision.answered;
  const limit = last_seq - first_seq + 1;
  const range = { after: first_seq - 1, before: last_seq + 1, limit };
  return { is: 'repeated', entries: limit === 0 ? [] : await readEntries(transaction, project, range) };
}

function* readBack(rows: readonly EntryRow[]): Steps<readonly LogEntry[]> {
  const entries: LogEntry[] = [];
  for (const [index, row] of rows.entries()) {
    entries.push(entryFromRow(row));
    if (isStep(index)) yield;
  }
  return entries;
}

async function readEntries(
  db: Kysely<Tables>,
  project: string,
  { after, before, noun, key, newest_first, limit }: EntryFilter,
): Promise<readonly LogEntry[]> {
  let query = db.selectFrom('entries').selectAll().where('project', '=', project);
  if (after !== undefined) query = query.where('seq', '>', after);
  if (before !== undefined) query = query.where('seq', '<', before);
  if (noun !== undefined) query = query.where('noun', '=', noun);
  // In the order of the index, or PostgreSQL would not use it.
  if (key !== undefined) query = query.where(sql`"key" COLLATE "binary"`, '=', key);
  const rows = await query
    .orderBy('seq', newest_first === true ? 'desc' : 'asc')
    .limit(limit)
    .execute();
  return rows.map(entryFromRow);
}
