import type { Commit, CommitOutcome, Lease, Store, Stored, Write } from '@spillway/control';
import type { LogEntry, Noun } from '@spillway/core';

export interface SeenWrite {
  readonly commit: Commit;
  readonly write: Write;
  readonly before: Stored | undefined;
}

interface LeaseState {
  holder: string | undefined;
  fencing: number;
  until_ms: number;
}

/**
 * Documents, versions and fenced leases as the port promises them, without a hash chain: the store's own suites prove that, and
 * a simulation makes millions of reads. Every accepted write is shown to `onWrite` first.
 */
export function simulatedStore(onWrite: (seen: SeenWrite) => void): Store {
  const documents = new Map<string, Stored>();
  const leases = new Map<string, LeaseState>();
  let seq = 0;
  const place = (noun: Noun, key: string) => `${noun}/${key}`;
  const isHeld = (lease: LeaseState | undefined, at_ms: number) =>
    lease?.holder !== undefined && lease.until_ms > at_ms;

  function refusal({ fence, writes, at_ms }: Commit): CommitOutcome | undefined {
    const lease = fence && leases.get(fence.lease);
    if (fence && (lease?.fencing !== fence.fencing || !isHeld(lease, at_ms))) return { is: 'fenced' };
    for (const write of writes) {
      const actual = documents.get(place(write.noun, write.key));
      if ((actual?.version ?? 0) !== write.expected) return { is: 'stale', write, actual };
    }
    return undefined;
  }

  function put(commit: Commit, write: Write): LogEntry {
    const before = documents.get(place(write.noun, write.key));
    onWrite({ commit, write, before });
    seq += 1;
    const { noun, key, after, action } = write;
    const version = write.expected + 1;
    documents.set(place(noun, key), { noun, key, version, seq, body: after });
    const { project, at_ms, actor, reason } = commit;
    const hashes = { previous_hash: '', hash: '' };
    const bodies = { before: before?.body ?? null, after, because: write.because ?? null };
    return { project, seq, at_ms, actor, action, noun, key, reason, version, ...bodies, ...hashes };
  }

  return {
    chunks: {
      async put() {
        throw new Error('The simulated store keeps no chunks');
      },
      read: async () => [],
      kept: async () => [],
      async mark() {},
      remove: async () => 0,
    },
    profiles: {
      async put() {
        throw new Error('The simulated store keeps no profiles');
      },
      read: async () => undefined,
      list: async () => [],
      byRank: async () => [],
      count: async () => 0,
      remove: async () => false,
    },
    events: {
      async add() {
        throw new Error('The simulated store keeps no events');
      },
      page: async () => [],
      exposures: async () => [],
      async forget() {},
    },
    userSketches: {
      async merge() {
        throw new Error('The simulated store keeps no sketches of users');
      },
      of: async () => [],
      async forget() {},
    },
    memberships: {
      async record() {
        throw new Error('The simulated store keeps no memberships');
      },
      mark: async () => undefined,
      history: async () => [],
      async forgetBefore() {},
    },
    contexts: {
      async put() {
        throw new Error('The simulated store keeps no contexts');
      },
      byRank: async () => [],
      kept: async () => ({ count: 0, oldest_ms: null, newest_ms: null, highest_rank: null }),
      remove: async () => false,
      clear: async () => 0,
      async forget() {},
      salt: async (_project, _environment, fresh) => fresh,
    },
    observations: {
      async add() {},
      hours: async () => [],
      used: async () => [],
      inParts: async () => [],
      earliest: async () => undefined,
      async forget() {},
    },
    async read(_project, noun, key) {
      return documents.get(place(noun, key));
    },
    async list(_project, noun, { after, limit }) {
      const all = [...documents.values()].filter((each) => each.noun === noun && each.key > (after ?? ''));
      return all.sort((a, b) => (a.key < b.key ? -1 : 1)).slice(0, limit);
    },
    async commit(commit) {
      const refused = refusal(commit);
      if (refused !== undefined) return refused;
      return { is: 'committed', entries: commit.writes.map((write) => put(commit, write)) };
    },
    async entries() {
      throw new Error('The simulated store keeps no log');
    },
    async seqAt() {
      throw new Error('The simulated store keeps no log');
    },
    async timesOf() {
      throw new Error('The simulated store keeps no log');
    },
    async listAt() {
      throw new Error('The simulated store keeps no log');
    },
    async head() {
      return { seq, hash: '' };
    },
    async acquireLease(name, holder, now_ms, duration_ms): Promise<Lease> {
      const lease = leases.get(name) ?? { holder: undefined, fencing: 0, until_ms: 0 };
      const held = isHeld(lease, now_ms);
      if (held && lease.holder !== holder) return { is: 'taken', holder: lease.holder ?? '', until_ms: lease.until_ms };
      const fencing = held ? lease.fencing : lease.fencing + 1;
      const until_ms = now_ms + duration_ms;
      leases.set(name, { holder, fencing, until_ms });
      return { is: 'held', fencing, until_ms };
    },
    async releaseLease(name, holder) {
      const lease = leases.get(name);
      if (lease?.holder === holder) leases.set(name, { ...lease, holder: undefined });
    },
    async close() {},
  };
}
