import type { CommitOutcome, Sha256 } from '@spillway/control/ports';
import { type ChainTip, chainInputOfTexts, GENESIS, type Steps } from '@spillway/core';
import { isStep, type PreparedCommit, type PreparedWrite } from '../prepared-commit.ts';
import type { AnsweredRow, DocumentRow, EntryRow, LeaseRow } from './tables.ts';
import { storedFromRow } from './tables.ts';

/** What the database held when the batch got its locks. */
export interface Ground {
  readonly tips: ReadonlyMap<string, ChainTip>;
  /** By document id; a document that does not exist is absent. */
  readonly documents: ReadonlyMap<string, DocumentRow>;
  /** By `answeredId`. */
  readonly answered: ReadonlyMap<string, AnsweredRow>;
  readonly leases: ReadonlyMap<string, LeaseRow>;
}

export type Decision =
  | { readonly is: 'committed'; readonly entries: readonly EntryRow[] }
  | { readonly is: 'repeated'; readonly answered: AnsweredRow }
  | Extract<CommitOutcome, { readonly is: 'stale' | 'fenced' }>;

export interface DocumentChange {
  readonly name: Pick<DocumentRow, 'project' | 'noun' | 'key'>;
  /** `undefined` deletes. */
  readonly row: DocumentRow | undefined;
}

/** What to write so that the batch's commits took effect one after the other. */
export interface BatchPlan {
  readonly decisions: readonly Decision[];
  readonly entries: readonly EntryRow[];
  /** Final state of each touched document, by document id. */
  readonly documents: ReadonlyMap<string, DocumentChange>;
  readonly answered: readonly AnsweredRow[];
  /** Of the projects whose log grew. */
  readonly tips: ReadonlyMap<string, ChainTip>;
}

export function answeredId(project: string, idempotencyKey: string): string {
  return `${project}\0${idempotencyKey}`;
}

/**
 * Decides each commit on its own, on top of those before it in the batch, some writes at a time. Pure: what it returns is
 * not written yet.
 */
export function* planBatch(commits: readonly PreparedCommit[], ground: Ground, sha256: Sha256): Steps<BatchPlan> {
  const entries: EntryRow[] = [];
  const documents = new Map<string, DocumentChange>();
  const answered = new Map<string, AnsweredRow>();
  const tips = new Map<string, ChainTip>();

  const tipOf = (project: string): ChainTip => tips.get(project) ?? ground.tips.get(project) ?? GENESIS;
  function documentOf(id: string): DocumentRow | undefined {
    const change = documents.get(id);
    return change === undefined ? ground.documents.get(id) : change.row;
  }

  function refusalOf({ commit, writes }: PreparedCommit): Decision | undefined {
    const { fence, at_ms } = commit;
    if (fence !== undefined) {
      const lease = ground.leases.get(fence.lease);
      if (lease?.fencing !== fence.fencing || lease.until_ms <= at_ms) return { is: 'fenced' };
    }
    for (const { id, write } of writes) {
      const row = documentOf(id);
      if ((row?.version ?? 0) !== write.expected) return { is: 'stale', write, actual: row && storedFromRow(row) };
    }
    return undefined;
  }

  function append({ commit }: PreparedCommit, { write, id, after, because }: PreparedWrite): EntryRow {
    const { project, at_ms, actor, reason } = commit;
    const { noun, key, action } = write;
    const tip = tipOf(project);
    const seq = tip.seq + 1;
    const version = after === undefined ? 0 : write.expected + 1;
    const facts = { project, seq, at_ms, actor, action, noun, key, reason, version, previous_hash: tip.hash };
    const texts = { before: documentOf(id)?.body ?? 'null', after: after ?? 'null', because };
    const hash = sha256(chainInputOfTexts({ ...facts, ...texts }));
    const entry = { ...facts, ...texts, hash };
    entries.push(entry);
    tips.set(project, { seq, hash });
    const name = { project, noun, key };
    documents.set(id, { name, row: after === undefined ? undefined : { ...name, version, seq, body: after } });
    return entry;
  }

  function* decide(prepared: PreparedCommit): Steps<Decision> {
    const { project, idempotency_key } = prepared.commit;
    const repeats = idempotency_key === undefined ? undefined : answeredId(project, idempotency_key);
    const before = repeats === undefined ? undefined : (answered.get(repeats) ?? ground.answered.get(repeats));
    if (before !== undefined) return { is: 'repeated', answered: before };
    const refused = refusalOf(prepared);
    if (refused !== undefined) return refused;
    const first_seq = tipOf(project).seq + 1;
    const made: EntryRow[] = [];
    for (const [index, write] of prepared.writes.entries()) {
      made.push(append(prepared, write));
      if (isStep(index)) yield;
    }
    if (repeats !== undefined && idempotency_key !== undefined) {
      answered.set(repeats, { project, idempotency_key, first_seq, last_seq: tipOf(project).seq });
    }
    return { is: 'committed', entries: made };
  }

  const decisions: Decision[] = [];
  for (const commit of commits) decisions.push(yield* decide(commit));
  return { decisions, entries, documents, answered: [...answered.values()], tips };
}
