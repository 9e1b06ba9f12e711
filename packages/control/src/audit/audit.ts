import { accept, type Outcome, refuse } from '@spillway/core';
import { requireAdmin } from '../access/permission.ts';
import type { Control, Subscription } from '../control.ts';
import { decodeCursor, encodeCursor } from '../documents/cursor.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import type { Clock, Log, Sha256, Store } from '../ports/index.ts';
import { followFrom } from './follow.ts';
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
      const entries = await store.entries(project, {
        newest_first: true,
        limit: limit + 1,
        ...(before.value === undefined ? {} : { before: before.value }),
        ...(noun === undefined ? {} : { noun }),
        ...(key === undefined ? {} : { key }),
      });
      const items = entries.slice(0, limit);
      const last = items.at(-1);
      return accept(entries.length > limit && last ? { items, next: encodeCursor(LIST, String(last.seq)) } : { items });
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
      return accept(followFrom(deps, Math.min(since ?? follower.position, follower.position), listener));
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
