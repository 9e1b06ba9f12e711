import type { LogEntry, Noun } from '@spillway/core';
import type { Json } from '@spillway/evaluator';
import type { Chunks } from './chunks.ts';
import type { Contexts } from './contexts.ts';
import type { Events } from './events.ts';
import type { Memberships } from './memberships.ts';
import type { Observations } from './observations.ts';
import type { Profiles } from './profiles.ts';
import type { UserSketches } from './user-sketches.ts';

/** A document as stored: its body and the optimistic version that each write raises by one, from 1. */
export interface Stored {
  readonly noun: Noun;
  readonly key: string;
  readonly version: number;
  /** Sequence number of the change that made this version. */
  readonly seq: number;
  readonly body: Json;
}

/** One document change. `expected` 0 means "must not exist"; `after` null deletes. */
export interface Write {
  readonly noun: Noun;
  readonly key: string;
  readonly expected: number;
  readonly after: Json;
  readonly action: string;
  readonly because?: Json;
}

/** Writes that take effect together or not at all; each becomes one log entry. */
export interface Commit {
  readonly project: string;
  readonly at_ms: number;
  readonly actor: string;
  readonly reason: string;
  readonly writes: readonly Write[];
  /** A repeated commit with the same key is answered with the first one's entries and changes nothing. */
  readonly idempotency_key?: string;
  /** Checked in the same transaction: the commit is refused unless this lease is still held with this number. */
  readonly fence?: Fence;
}

export interface Fence {
  readonly lease: string;
  readonly fencing: number;
}

export type CommitOutcome =
  | { readonly is: 'committed'; readonly entries: readonly LogEntry[] }
  | { readonly is: 'repeated'; readonly entries: readonly LogEntry[] }
  | { readonly is: 'stale'; readonly write: Write; readonly actual: Stored | undefined }
  | { readonly is: 'fenced' };

export type Lease =
  | { readonly is: 'held'; readonly fencing: number; readonly until_ms: number }
  | { readonly is: 'taken'; readonly holder: string; readonly until_ms: number };

export interface EntryFilter {
  /** Exclusive. */
  readonly after?: number;
  /** Exclusive; with `newest_first` this is where paging goes on. */
  readonly before?: number;
  readonly noun?: Noun;
  readonly key?: string;
  readonly newest_first?: boolean;
  readonly limit: number;
}

/** Thrown by a store that takes no writes, for one that was certainly not made; the message says why and names the remedy. */
export interface NotWritten extends Error {
  readonly code: 'unwritable';
}

/**
 * Documents, the log they come from, and leases. A commit that was answered `committed` survives kill -9.
 * Entries of one project are totally ordered; a reader that has seen entry n has seen all before it.
 */
export interface Store {
  readonly chunks: Chunks;
  readonly profiles: Profiles;
  readonly memberships: Memberships;
  readonly observations: Observations;
  readonly userSketches: UserSketches;
  readonly contexts: Contexts;
  readonly events: Events;
  read(project: string, noun: Noun, key: string): Promise<Stored | undefined>;
  /** Ordered by key, starting after `after`. */
  list(
    project: string,
    noun: Noun,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly Stored[]>;
  commit(commit: Commit): Promise<CommitOutcome>;
  entries(project: string, filter: EntryFilter): Promise<readonly LogEntry[]>;
  /**
   * The newest entry written until then, 0 when there is none. Times are those of the writers' clocks: where these went back,
   * they are looked through as far as `CLOCK_DISORDER_ENTRIES` entries.
   */
  seqAt(project: string, at_ms: number): Promise<number>;
  /** When these entries were written, by their numbers, at most as many as in a list; without those that are not there. */
  timesOf(project: string, seqs: readonly number[]): Promise<ReadonlyMap<number, number>>;
  /** `list` as of the moment after the entry `seq`. */
  listAt(
    project: string,
    noun: Noun,
    seq: number,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly Stored[]>;
  /** The newest entry's number and hash; 0 and the genesis hash for an empty log. */
  head(project: string): Promise<{ readonly seq: number; readonly hash: string }>;
  /** Takes the lease if it is free or expired, or prolongs it if `holder` has it; a new holder gets a higher number. */
  acquireLease(name: string, holder: string, now_ms: number, duration_ms: number): Promise<Lease>;
  releaseLease(name: string, holder: string): Promise<void>;
  close(): Promise<void>;
}
