import type { Commit, CommitOutcome, EntryFilter, Lease, Sha256, Store, Stored } from '@spillway/control/ports';
import { chainInput, GENESIS, type LogEntry, type Noun } from '@spillway/core';
import {
  CLOCK_DISORDER_ENTRIES,
  checkFilter,
  checkInteger,
  checkLeaseRequest,
  checkPage,
  checkSeqs,
  documentId,
  type PreparedCommit,
  prepareCommit,
} from '../prepared-commit.ts';
import { StoreError } from '../store-error.ts';
import { createMemoryChunks } from './memory-chunks.ts';
import { createMemoryContexts } from './memory-contexts.ts';
import { createMemoryEvents } from './memory-events.ts';
import { createMemoryMemberships } from './memory-memberships.ts';
import { createMemoryObservations } from './memory-observations.ts';
import { createMemoryProfiles } from './memory-profiles.ts';
import { createMemorySketches } from './memory-sketches.ts';

interface LeaseState {
  readonly holder: string | undefined;
  readonly fencing: number;
  readonly until_ms: number;
}

interface ProjectState {
  readonly entries: LogEntry[];
  readonly documents: Map<string, Stored>;
  readonly answered: Map<string, readonly [first: number, last: number]>;
}

/**
 * The oracle: as simple as the port's promises allow. Other stores are right when they answer as this one does.
 * What goes in and out is copied, so that nobody outside can change what is stored.
 */
export function createMemoryStore({ sha256 }: { readonly sha256: Sha256 }): Store {
  const projects = new Map<string, ProjectState>();
  const leases = new Map<string, LeaseState>();
  let closed = false;

  function checkOpen(): void {
    if (closed) throw new StoreError('closed', 'The store is closed.');
  }

  function stateOf(project: string): ProjectState {
    checkOpen();
    const known = projects.get(project);
    if (known !== undefined) return known;
    const empty: ProjectState = { entries: [], documents: new Map(), answered: new Map() };
    projects.set(project, empty);
    return empty;
  }

  function documentOf(project: string, noun: Noun, key: string): Stored | undefined {
    return stateOf(project).documents.get(documentId(project, noun, key));
  }

  function refusalOf({ project, at_ms, fence, writes }: Commit): CommitOutcome | undefined {
    if (fence !== undefined) {
      const lease = leases.get(fence.lease);
      if (lease?.fencing !== fence.fencing || !isHeld(lease, at_ms)) return { is: 'fenced' };
    }
    for (const write of writes) {
      const actual = documentOf(project, write.noun, write.key);
      if ((actual?.version ?? 0) !== write.expected) return { is: 'stale', write, actual: structuredClone(actual) };
    }
    return undefined;
  }

  function append({ commit, writes }: PreparedCommit): LogEntry[] {
    const { project, at_ms, actor, reason } = commit;
    const state = stateOf(project);
    return writes.map(({ write, id, after, because }) => {
      const { noun, key, action } = write;
      const before = documentOf(project, noun, key);
      const seq = state.entries.length + 1;
      const version = after === undefined ? 0 : write.expected + 1;
      const body: Stored['body'] = after === undefined ? null : JSON.parse(after);
      const open = {
        ...{ project, seq, at_ms, actor, action, noun, key, reason, version },
        before: before?.body ?? null,
        after: body,
        because: JSON.parse(because),
        previous_hash: state.entries.at(-1)?.hash ?? GENESIS.hash,
      };
      const entry = { ...open, hash: sha256(chainInput(open)) };
      state.entries.push(entry);
      if (after === undefined) state.documents.delete(id);
      else state.documents.set(id, { noun, key, version, seq, body });
      return structuredClone(entry);
    });
  }

  return {
    chunks: createMemoryChunks(checkOpen),
    profiles: createMemoryProfiles(checkOpen),
    memberships: createMemoryMemberships(checkOpen),
    observations: createMemoryObservations(checkOpen),
    userSketches: createMemorySketches(checkOpen),
    contexts: createMemoryContexts(checkOpen),
    events: createMemoryEvents(checkOpen),

    async read(project, noun, key) {
      return structuredClone(documentOf(project, noun, key));
    },

    async list(project, noun, { after, limit }) {
      checkPage(limit);
      return [...stateOf(project).documents.values()]
        .filter((stored) => stored.noun === noun && (after === undefined || stored.key > after))
        .sort((one, other) => (one.key < other.key ? -1 : 1))
        .slice(0, limit)
        .map((stored) => structuredClone(stored));
    },

    async commit(commit): Promise<CommitOutcome> {
      const prepared = prepareCommit(commit);
      const { project, idempotency_key } = commit;
      const state = stateOf(project);
      const answered = idempotency_key === undefined ? undefined : state.answered.get(idempotency_key);
      if (answered !== undefined) {
        const [first, last] = answered;
        return { is: 'repeated', entries: structuredClone(state.entries.slice(first - 1, last)) };
      }
      const refused = refusalOf(commit);
      if (refused !== undefined) return refused;
      const entries = append(prepared);
      const last = state.entries.length;
      if (idempotency_key !== undefined) state.answered.set(idempotency_key, [last - entries.length + 1, last]);
      return { is: 'committed', entries };
    },

    async entries(project, filter) {
      checkFilter(filter);
      const found = stateOf(project).entries.filter((entry) => fits(entry, filter));
      if (filter.newest_first === true) found.reverse();
      return structuredClone(found.slice(0, filter.limit));
    },

    async seqAt(project, at_ms) {
      checkInteger('at_ms', at_ms);
      const latest = stateOf(project)
        .entries.filter((entry) => entry.at_ms <= at_ms)
        .sort((one, other) => other.at_ms - one.at_ms || other.seq - one.seq)
        .slice(0, CLOCK_DISORDER_ENTRIES);
      return latest.reduce((newest, { seq }) => Math.max(newest, seq), 0);
    },

    async timesOf(project, seqs) {
      checkSeqs(seqs);
      const { entries } = stateOf(project);
      return new Map(entries.filter(({ seq }) => seqs.includes(seq)).map(({ seq, at_ms }) => [seq, at_ms]));
    },

    async listAt(project, noun, seq, { after, limit }) {
      checkInteger('seq', seq);
      checkPage(limit);
      const documents = new Map<string, Stored>();
      for (const entry of stateOf(project).entries) {
        if (entry.seq > seq || entry.noun !== noun || (after !== undefined && entry.key <= after)) continue;
        const { key, version } = entry;
        if (version === 0) documents.delete(key);
        else documents.set(key, { noun, key, version, seq: entry.seq, body: entry.after });
      }
      return [...documents.values()]
        .sort((one, other) => (one.key < other.key ? -1 : 1))
        .slice(0, limit)
        .map((stored) => structuredClone(stored));
    },

    async head(project) {
      const newest = stateOf(project).entries.at(-1);
      return newest === undefined ? GENESIS : { seq: newest.seq, hash: newest.hash };
    },

    async acquireLease(name, holder, now_ms, duration_ms): Promise<Lease> {
      checkOpen();
      checkLeaseRequest(name, holder, now_ms, duration_ms);
      const lease = leases.get(name);
      const held = lease !== undefined && isHeld(lease, now_ms);
      if (held && lease.holder !== undefined && lease.holder !== holder) {
        return { is: 'taken', holder: lease.holder, until_ms: lease.until_ms };
      }
      const fencing = held ? lease.fencing : (lease?.fencing ?? 0) + 1;
      const until_ms = Math.max(now_ms + duration_ms, held ? lease.until_ms : 0);
      leases.set(name, { holder, fencing, until_ms });
      return { is: 'held', fencing, until_ms };
    },

    async releaseLease(name, holder) {
      checkOpen();
      checkLeaseRequest(name, holder);
      const lease = leases.get(name);
      // The number stays: the next holder's must be higher.
      if (lease?.holder === holder) leases.set(name, { ...lease, holder: undefined });
    },

    async close() {
      closed = true;
    },
  };
}

function isHeld(lease: LeaseState, now_ms: number): boolean {
  return lease.holder !== undefined && lease.until_ms > now_ms;
}

function fits(entry: LogEntry, { after, before, noun, key }: EntryFilter): boolean {
  if (after !== undefined && entry.seq <= after) return false;
  if (before !== undefined && entry.seq >= before) return false;
  return (noun === undefined || entry.noun === noun) && (key === undefined || entry.key === key);
}
