import type { LogEntry } from '@spillway/core';
import type { Subscription } from '../call.ts';
import { readInChunks } from '../documents/chunks.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import type { Clock, Log, Store } from '../ports/index.ts';

const RETRY_MS = 1_000;

export interface FollowDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
  readonly log: Log;
  readonly follower: LogFollower;
}

/** Every entry after `since`, in order and once: first from the store, then as they come. */
export function followFrom(
  { store, clock, project, log, follower }: FollowDeps,
  since: number,
  listener: (entry: LogEntry) => void,
): Subscription {
  let position = since;
  let closed = false;
  let live: { close(): void } | undefined;

  function hear(entry: LogEntry): void {
    if (closed || entry.seq <= position) return;
    position = entry.seq;
    try {
      listener(entry);
    } catch (error) {
      log.error({ err: error, seq: entry.seq }, 'A listener to changes failed');
    }
  }

  async function catchUp(): Promise<void> {
    while (!closed && position < follower.position) {
      const start = position;
      const read = (last: LogEntry | undefined, limit: number) =>
        store.entries(project, { after: last?.seq ?? start, limit });
      for await (const chunk of readInChunks(read, clock)) {
        for (const entry of chunk) hear(entry);
        if (closed) return;
      }
      if (position === start) throw new Error(`The log ends at ${start}, before what was seen of it already`);
    }
  }

  /** From the last look at the follower's position to joining it nothing can come between: both are in one turn. */
  function join(): boolean {
    if (closed || position < follower.position) return closed;
    live = follower.add(hear);
    return true;
  }

  async function run(): Promise<void> {
    while (!join() && !follower.stopping.aborted) {
      try {
        await catchUp();
      } catch (error) {
        log.warn({ err: error }, 'Past changes could not be read for a follower; trying again');
        await clock.sleep(RETRY_MS, follower.stopping);
      }
    }
  }

  run().catch((error: unknown) => log.error({ err: error }, 'A follower of changes failed and was dropped'));
  return {
    close() {
      closed = true;
      live?.close();
    },
  };
}
