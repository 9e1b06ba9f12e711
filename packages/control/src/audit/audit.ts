import { accept, type LogEntry, type Outcome } from '@spillway/core';
import { forAdmins } from '../access/for-admins.ts';
import type { Subscription } from '../call.ts';
import { MAX_CHUNK_CHARACTERS, readInChunks, weigh } from '../documents/chunks.ts';
import { decodePosition, encodeCursor } from '../documents/cursor.ts';
import { summaryOf } from '../documents/summary.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import type { Clock, Log, Sha256, Store } from '../ports/index.ts';
import { entryFilter } from './filter.ts';
import { followFrom } from './follow.ts';
import { shownEntry } from './shown.ts';
import type { AuditUseCases, ChangeFilter, ListedEntry } from './use-cases.ts';
import { verifyLog } from './verify.ts';

const LIST = 'audit';
/** Of one request; whoever looks for something rare goes on with `next`. */
export const MAX_LOOKED_AT = 10_000;

export interface AuditDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
  readonly sha256: Sha256;
  readonly log: Log;
  readonly follower: LogFollower;
}

export function createAuditUseCases(deps: AuditDeps): AuditUseCases {
  const { store, project, follower } = deps;

  /** Newest first, from before a position, what the store itself can tell apart already left out. */
  function reader({ noun, key }: ChangeFilter, before: number | undefined) {
    const which = {
      newest_first: true,
      ...(noun === undefined ? {} : { noun }),
      ...(key === undefined ? {} : { key }),
    };
    return (last: LogEntry | undefined, limit: number) => {
      const end = last?.seq ?? before;
      return store.entries(project, { ...which, ...(end === undefined ? {} : { before: end }), limit });
    };
  }

  async function* exported(filter: ChangeFilter): AsyncGenerator<readonly ListedEntry[]> {
    const fits = entryFilter(filter);
    for await (const chunk of readInChunks(reader(filter, undefined), deps.clock)) {
      const shown = chunk.map(shownEntry);
      yield (fits === undefined ? shown : shown.filter(fits)).map(withSummary);
    }
  }

  return forAdmins<AuditUseCases>({
    async list(_, { limit, cursor, ...filter }) {
      const before = decodePosition(LIST, cursor);
      if (!before.ok) return before;
      const fits = entryFilter(filter);
      const items: ListedEntry[] = [];
      let weight = 0;
      let looked = 0;
      let last = 0;
      for await (const chunk of readInChunks(reader(filter, before.value), deps.clock)) {
        for (const entry of chunk) {
          const shown = shownEntry(entry);
          const isWanted = fits === undefined || fits(shown);
          if (isWanted) weight += weigh(entry);
          const full = items.length === limit || (items.length > 0 && weight > MAX_CHUNK_CHARACTERS);
          if (full || looked === MAX_LOOKED_AT) return accept({ items, next: encodeCursor(LIST, String(last)) });
          if (isWanted) items.push(withSummary(shown));
          looked += 1;
          last = entry.seq;
        }
      }
      return accept({ items });
    },
    async export(_, filter) {
      return accept(exported(filter));
    },
    async verify() {
      return accept(await verifyLog(deps));
    },
    async subscribe(_, since, listener): Promise<Outcome<Subscription>> {
      // The caller has seen more than this replica, or, after a restore from a backup, more than there is.
      if (since !== undefined && since > follower.position) await follower.catchUp();
      return accept(
        followFrom(deps, Math.min(since ?? follower.position, follower.position), (entry) => {
          listener(shownEntry(entry));
        }),
      );
    },
  });
}

function withSummary(entry: LogEntry): ListedEntry {
  const summary = summaryOf(entry);
  return summary === undefined ? entry : { ...entry, summary };
}
