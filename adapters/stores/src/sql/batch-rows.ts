import { setImmediate } from 'node:timers/promises';
import type { ChainTip } from '@spillway/core';
import { GENESIS } from '@spillway/core';
import type { ExpressionBuilder, Transaction } from 'kysely';
import { documentId, type PreparedCommit } from '../prepared-commit.ts';
import type { SqlDifferences } from './dialect.ts';
import { answeredId, type BatchPlan, type Ground } from './plan-batch.ts';
import type { AnsweredRow, DocumentRow, LeaseRow, Tables } from './tables.ts';

/** Keeps one statement below the databases' limits on parameters and on the depth of a condition. */
export const ROWS_PER_STATEMENT = 200;

type DocumentName = Pick<DocumentRow, 'project' | 'noun' | 'key'>;

/**
 * Locks what the batch rests on, then reads it. The locked heads serialise appends across replicas; they are taken in
 * one order by everybody, so that two batches cannot wait for each other.
 */
export async function readGround(
  transaction: Transaction<Tables>,
  commits: readonly PreparedCommit[],
  { rowLocks }: SqlDifferences,
): Promise<Ground> {
  const tips = new Map<string, ChainTip>();
  const projects = new Set(commits.map(({ commit }) => commit.project));
  for (const project of [...projects].sort()) tips.set(project, await lockHead(transaction, project, rowLocks));
  return {
    tips,
    leases: await readLeases(transaction, commits, rowLocks),
    answered: await readAnswered(transaction, commits),
    documents: await readDocuments(transaction, commits),
  };
}

export async function writePlan(transaction: Transaction<Tables>, plan: BatchPlan): Promise<void> {
  for await (const rows of chunks(plan.entries)) await transaction.insertInto('entries').values(rows).execute();
  const changes = [...plan.documents.values()];
  const kept = changes.map(({ row }) => row).filter((row) => row !== undefined);
  for await (const rows of chunks(kept)) {
    await transaction
      .insertInto('documents')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['project', 'noun', 'key']).doUpdateSet((eb) => ({
          version: eb.ref('excluded.version'),
          seq: eb.ref('excluded.seq'),
          body: eb.ref('excluded.body'),
        })),
      )
      .execute();
  }
  const gone = changes.filter(({ row }) => row === undefined).map(({ name }) => name);
  for await (const names of chunks(gone)) {
    await transaction
      .deleteFrom('documents')
      .where((eb) => isOneOf(eb, names))
      .execute();
  }
  for await (const rows of chunks(plan.answered)) await transaction.insertInto('answered').values(rows).execute();
  for (const [project, tip] of plan.tips) {
    await transaction.updateTable('heads').set(tip).where('project', '=', project).execute();
  }
}

async function lockHead(transaction: Transaction<Tables>, project: string, rowLocks: boolean): Promise<ChainTip> {
  const locked = transaction
    .selectFrom('heads')
    .select(['seq', 'hash'])
    .where('project', '=', project)
    .$if(rowLocks, (query) => query.forUpdate());
  const head = await locked.executeTakeFirst();
  if (head !== undefined) return head;
  await transaction
    .insertInto('heads')
    .values({ project, ...GENESIS })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return locked.executeTakeFirstOrThrow();
}

/** Shared locks: nobody else can be given the lease until this batch is durable, so the new holder reads its effects. */
async function readLeases(
  transaction: Transaction<Tables>,
  commits: readonly PreparedCommit[],
  rowLocks: boolean,
): Promise<Map<string, LeaseRow>> {
  const names = new Set(commits.flatMap(({ commit }) => commit.fence?.lease ?? []));
  const leases = new Map<string, LeaseRow>();
  for await (const some of chunks([...names].sort())) {
    const rows = await transaction
      .selectFrom('leases')
      .selectAll()
      .where('name', 'in', some)
      .$if(rowLocks, (query) => query.forShare())
      .execute();
    for (const row of rows) leases.set(row.name, row);
  }
  return leases;
}

async function readAnswered(
  transaction: Transaction<Tables>,
  commits: readonly PreparedCommit[],
): Promise<Map<string, AnsweredRow>> {
  const answered = new Map<string, AnsweredRow>();
  const asked = commits.flatMap(({ commit: { project, idempotency_key } }) =>
    idempotency_key === undefined ? [] : [{ project, idempotency_key }],
  );
  for await (const some of chunks(asked)) {
    const rows = await transaction
      .selectFrom('answered')
      .selectAll()
      .where((eb) =>
        eb.or(
          some.map(({ project, idempotency_key }) =>
            eb.and([eb('project', '=', project), eb('idempotency_key', '=', idempotency_key)]),
          ),
        ),
      )
      .execute();
    for (const row of rows) answered.set(answeredId(row.project, row.idempotency_key), row);
  }
  return answered;
}

async function readDocuments(
  transaction: Transaction<Tables>,
  commits: readonly PreparedCommit[],
): Promise<Map<string, DocumentRow>> {
  const documents = new Map<string, DocumentRow>();
  const names = new Map<string, DocumentName>();
  for (const { commit, writes } of commits) {
    for (const { id, write } of writes) names.set(id, { project: commit.project, noun: write.noun, key: write.key });
  }
  for await (const some of chunks([...names.values()])) {
    const rows = await transaction
      .selectFrom('documents')
      .selectAll()
      .where((eb) => isOneOf(eb, some))
      .execute();
    for (const row of rows) documents.set(documentId(row.project, row.noun, row.key), row);
  }
  return documents;
}

function isOneOf(eb: ExpressionBuilder<Tables, 'documents'>, names: readonly DocumentName[]) {
  return eb.or(
    names.map(({ project, noun, key }) =>
      eb.and([eb('project', '=', project), eb('noun', '=', noun), eb('key', '=', key)]),
    ),
  );
}

/** A statement's rows at a time. Databases in this process answer without letting go, so others get their turn in between. */
async function* chunks<T>(items: readonly T[]): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < items.length; at += ROWS_PER_STATEMENT) {
    if (at > 0) await setImmediate();
    yield items.slice(at, at + ROWS_PER_STATEMENT);
  }
}
