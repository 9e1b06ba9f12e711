import type { HourCount, Measurement, MembershipMark, Stored, StoredEvent, UserSketch } from '@spillway/control/ports';
import type { LogEntry, Noun } from '@spillway/core';

/** Columns of the same name as in the port; `before`, `after`, `because` and `body` hold canonical JSON text. */
export interface Tables {
  readonly heads: HeadRow;
  readonly entries: EntryRow;
  readonly documents: DocumentRow;
  readonly answered: AnsweredRow;
  readonly leases: LeaseRow;
  readonly chunks: ChunkRow;
  readonly profiles: ProfileRow;
  readonly memberships: MembershipRow;
  readonly membership_marks: MembershipMarkRow;
  readonly evaluation_counts: EvaluationCountRow;
  readonly user_sketches: UserSketchRow;
  readonly events: EventRow;
  readonly recent_contexts: RecentContextRow;
  readonly context_salts: ContextSaltRow;
  readonly migrations: MigrationRow;
}

/** `variant` is empty where the answer was none of the flag's variants. */
export interface EvaluationCountRow extends Omit<HourCount, 'variant'> {
  readonly project: string;
  readonly variant: string;
}

/** `variant` is empty where the answer was none of the flag's variants. */
export interface UserSketchRow extends Omit<UserSketch, 'variant'> {
  readonly project: string;
  readonly variant: string;
}

/** Texts that do not apply are empty; `subject` is the user. */
export interface EventRow extends Omit<StoredEvent, 'name' | 'flag' | 'variant' | 'user' | 'body'> {
  readonly project: string;
  readonly name: string;
  readonly flag: string;
  readonly variant: string;
  readonly subject: string;
  readonly body: string;
}

export interface HeadRow {
  readonly project: string;
  readonly seq: number;
  readonly hash: string;
}

export interface EntryRow extends Omit<LogEntry, 'before' | 'after' | 'because'> {
  readonly before: string;
  readonly after: string;
  readonly because: string;
}

export interface DocumentRow {
  readonly project: string;
  readonly noun: Noun;
  readonly key: string;
  readonly version: number;
  readonly seq: number;
  readonly body: string;
}

/** Which entries a commit with this key was answered with; `last_seq` is below `first_seq` when there were none. */
export interface AnsweredRow {
  readonly project: string;
  readonly idempotency_key: string;
  readonly first_seq: number;
  readonly last_seq: number;
}

/** A row stays when its lease is released, so that fencing numbers never start again; `holder` is then empty. */
export interface LeaseRow {
  readonly name: string;
  readonly holder: string;
  readonly fencing: number;
  readonly until_ms: number;
}

export interface ChunkRow {
  readonly project: string;
  readonly digest: string;
  readonly body: string;
  readonly marked_ms: number | null;
}

export interface ProfileRow {
  readonly project: string;
  readonly key: string;
  readonly rank: number;
  readonly attributes: string;
  readonly updated_at_ms: number;
}

export interface MembershipRow extends Measurement {
  readonly project: string;
}

export interface MembershipMarkRow extends MembershipMark {
  readonly project: string;
}

export interface RecentContextRow {
  readonly project: string;
  readonly environment: string;
  readonly key: string;
  readonly rank: number;
  readonly attributes: string;
  readonly seen_ms: number;
}

export interface ContextSaltRow {
  readonly project: string;
  readonly environment: string;
  readonly salt: string;
}

export interface MigrationRow {
  readonly number: number;
  readonly title: string;
}

export function entryFromRow(row: EntryRow): LogEntry {
  return {
    project: row.project,
    seq: row.seq,
    at_ms: row.at_ms,
    actor: row.actor,
    action: row.action,
    noun: row.noun,
    key: row.key,
    reason: row.reason,
    version: row.version,
    before: JSON.parse(row.before),
    after: JSON.parse(row.after),
    because: JSON.parse(row.because),
    previous_hash: row.previous_hash,
    hash: row.hash,
  };
}

export function storedFromRow(row: DocumentRow): Stored {
  return { noun: row.noun, key: row.key, version: row.version, seq: row.seq, body: JSON.parse(row.body) };
}
