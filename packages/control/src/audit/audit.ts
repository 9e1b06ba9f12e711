import { accept, type LogEntry, type Outcome, refuse } from '@spillway/core';
import { requireAdmin } from '../access/permission.ts';
import type { Control, Subscription } from '../control.ts';
import { MAX_CHUNK_CHARACTERS, readInChunks, weigh } from '../documents/chunks.ts';
import { decodeCursor, encodeCursor } from '../documents/cursor.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import type { Clock, Log, Sha256, Store } from '../ports/index.ts';
import { followFrom } from './follow.ts';
import { shownEntry } from './shown.ts';
import { verifyLog } from './verify.ts';

const LIST = 'audit';

export interface AuditDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
  readonly sha256: Sha256;
  readonly log: Log;
  readonly follower: LogFollower;
}

export function createAuditUseCases(deps: AuditDeps): Control['audit'] {
  const { store, project, follower } = deps;
  return {
    async list(call, { limit, cursor, noun, key }) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      const before = readPosition(cursor);
      if (!before.ok) return before;
      const filter = {
        newest_first: true,
        ...(noun === undefined ? {} : { noun }),
        ...(key === undefined ? {} : { key }),
      };
      const read = (last: LogEntry | undefined, count: number) => {
        const end = last?.seq ?? before.value;
        return store.entries(project, { ...filter, ...(end === undefined ? {} : { before: end }), limit: count });
      };
      const items: LogEntry[] = [];
      let weight = 0;
      for await (const chunk of readInChunks(read, deps.clock)) {
        for (const entry of chunk) {
          weight += weigh(entry);
          const last = items.at(-1);
          const full = items.length === limit || weight > MAX_CHUNK_CHARACTERS;
          if (full && last !== undefined) return accept({ items, next: encodeCursor(LIST, String(last.seq)) });
          items.push(shownEntry(entry));
        }
      }
      return accept({ items });
    },
    async verify(call) {
      const admin = requireAdmin(call);
      return admin.ok ? accept(await verifyLog(deps)) : admin;
    },
    async subscribe(call, since, listener): Promise<Outcome<Subscription>> {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      // The caller has seen more than this replica, or, after a restore from a backup, more than there is.
      if (since !== undefined && since > follower.position) await follower.catchUp();
      return accept(
        followFrom(deps, Math.min(since ?? follower.position, follower.position), (entry) => {
          listener(shownEntry(entry));
        }),
      );
    },
  };
}

function readPosition(cursor: string | undefined): Outcome<number | undefined> {
  const text = decodeCursor(LIST, cursor);
  if (!text.ok || text.value === undefined) return text.ok ? accept(undefined) : text;
  const position = Number(text.value);
  if (Number.isSafeInteger(position) && position > 0) return accept(position);
  return refuse('invalid', 'This cursor does not belong to this list. Start again without a cursor.', {
    fields: [{ field: '/cursor', message: 'must be the `next` of the page before' }],
  });
}
