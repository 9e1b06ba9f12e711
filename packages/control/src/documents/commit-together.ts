import { accept, type LogEntry, type Outcome, refuse } from '@spillway/core';
import { actorOf } from '../access/actor.ts';
import type { Call } from '../call.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import type { Clock, Fence, Log, Sha256, Store, Write } from '../ports/index.ts';
import { checkCall, IMPOSSIBLE_VERSION, ofSameRequest } from './changes.ts';
import { notMade } from './not-made.ts';

export interface TogetherDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly sha256: Sha256;
  readonly project: string;
  readonly follower: LogFollower;
  readonly log: Log;
}

const PROBE: Write = { noun: 'flags', key: 'probe', expected: IMPOSSIBLE_VERSION, after: null, action: 'probe' };

/**
 * Several documents in one commit: all of them, or none when any is not at the version it is expected at. `request` tells
 * a repeated request from another one with the same idempotency key. Without writes it answers what such a request did
 * before, if it did.
 */
export async function commitTogether(
  { store, clock, project, follower, log }: TogetherDeps,
  call: Call,
  writes: readonly Write[],
  request: string,
  fence?: Fence,
): Promise<Outcome<readonly LogEntry[]>> {
  const proper = checkCall(call);
  if (!proper.ok) return proper;
  const { idempotency_key } = call;
  if (writes.length === 0 && idempotency_key === undefined) return accept([]);
  const actor = actorOf(call.principal);
  try {
    const outcome = await store.commit({
      project,
      at_ms: clock.now(),
      actor,
      reason: (call.reason ?? '').trim(),
      writes: (writes.length === 0 ? [PROBE] : writes).map((write) =>
        idempotency_key === undefined ? write : { ...write, because: { request } },
      ),
      ...(idempotency_key === undefined ? {} : { idempotency_key: `${actor}:${idempotency_key}` }),
      ...(fence === undefined ? {} : { fence }),
    });
    if (outcome.is === 'committed') {
      await follower.committed(outcome.entries);
      return accept(outcome.entries);
    }
    if (outcome.is === 'repeated') return ofSameRequest(outcome.entries, request);
    return writes.length === 0 ? accept([]) : overtaken();
  } catch (error) {
    // These two are mistakes of this program, not of the store; hiding them would keep them.
    if (error instanceof TypeError || error instanceof RangeError) throw error;
    log.error({ err: error, writes: writes.length }, 'A change of several documents failed in the store');
    return (
      notMade(error, 'Nothing was changed') ??
      refuse(
        'unavailable',
        'The store did not confirm the change; all of it may have been made, or none. As soon as the store answers again, the log tells which: `spillway audit list`, or Audit in the dashboard.',
      )
    );
  }
}

function overtaken(): Outcome<never> {
  return refuse('stale', 'Something was changed at the same moment, so nothing was written. Plan again and repeat it.');
}
