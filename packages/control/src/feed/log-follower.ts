import type { LogEntry } from '@spillway/core';
import { readInChunks } from '../documents/chunks.ts';
import { createPace } from '../pacing/pace.ts';
import type { AbortSignalLike, Bus, Clock, Log, Store } from '../ports/index.ts';
import { createStopSignal } from './stop-signal.ts';

/** How soon another replica's change is seen when the bus lost its message, or when there is no bus. */
export const POLL_MS = 1_000;

export type EntryHandler = (entry: LogEntry) => void;

/** Fetches what a handler will need of an entry; undefined when that is nothing. An entry waits until it is fetched. */
export type EntryPreparation = (entry: LogEntry) => Promise<void> | undefined;

/** Hands every log entry, in order and once, to everything in this process that follows the log. */
export interface LogFollower {
  /** The newest entry that was handed on. */
  readonly position: number;
  /** Handlers run in the order they were added; one that throws is logged and harms no other. */
  add(handler: EntryHandler, prepare?: EntryPreparation): { close(): void };
  /** Goes on after `position`; resolves when everything in the log was handed on. */
  start(position: number): Promise<void>;
  /** Entries this process has just committed: handed on at once, without a timer and mostly without a read. */
  committed(entries: readonly LogEntry[]): Promise<void>;
  /** Reads on until the end of the log. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
  /** Aborted by `stop`, for what reads the log beside the follower. */
  readonly stopping: AbortSignalLike;
}

export interface FollowerDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly project: string;
  readonly bus?: Bus | undefined;
}

export function createLogFollower({ store, clock, log, project, bus }: FollowerDeps): LogFollower {
  const handlers = new Set<EntryHandler>();
  const preparations = new Set<EntryPreparation>();
  const stopping = createStopSignal();
  let position = 0;
  let started = false;
  let polling: Promise<void> = Promise.resolve();
  let reading: Promise<void> | undefined;
  let again = false;
  let subscription: { close(): void } | undefined;

  async function handOn(entries: readonly LogEntry[]): Promise<void> {
    const pace = createPace(clock);
    for (const entry of entries) {
      // A commit may come to thousands of entries.
      const pause = pace();
      if (pause !== undefined) await pause;
      if (entry.seq !== position + 1) continue;
      for (const prepare of preparations) {
        const prepared = prepare(entry);
        if (prepared !== undefined) await prepared;
      }
      // While it was being prepared, another reader of the log may have come by.
      if (entry.seq !== position + 1) continue;
      position = entry.seq;
      for (const handler of handlers) {
        try {
          handler(entry);
        } catch (error) {
          log.error({ err: error, seq: entry.seq }, 'A follower of the log failed on an entry');
        }
      }
    }
  }

  async function readToEnd(): Promise<void> {
    try {
      do {
        again = false;
        const read = (_: unknown, limit: number) => store.entries(project, { after: position, limit });
        for await (const chunk of readInChunks(read, clock)) await handOn(chunk);
      } while (again);
    } finally {
      reading = undefined;
    }
  }

  function catchUp(): Promise<void> {
    again = true;
    reading ??= readToEnd();
    return reading;
  }

  function wake(): void {
    if (!started || stopping.signal.aborted) return;
    catchUp().catch((error: unknown) => log.warn({ err: error }, 'The log could not be read; trying again soon'));
  }

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(POLL_MS, stopping.signal);
      wake();
    }
  }

  return {
    get position() {
      return position;
    },
    add(handler, prepare) {
      handlers.add(handler);
      if (prepare !== undefined) preparations.add(prepare);
      return {
        close() {
          handlers.delete(handler);
          if (prepare !== undefined) preparations.delete(prepare);
        },
      };
    },
    async start(from) {
      position = from;
      started = true;
      await catchUp();
      subscription = bus?.subscribe((changed, seq) => {
        if (changed === project && seq > position) wake();
      });
      polling = poll();
    },
    async committed(entries) {
      const newest = entries.at(-1);
      if (!started || newest === undefined) return;
      await handOn(entries).catch((error: unknown) => {
        log.warn({ err: error }, 'A change could not be followed yet; trying again soon');
      });
      bus?.publish(project, newest.seq).catch((error: unknown) => {
        log.warn(
          { err: error, seq: newest.seq },
          'Other replicas could not be told of a change; they will see it soon',
        );
      });
      // Another commit of this process is ahead in the log but not yet back: read it instead of waiting for it.
      if (position < newest.seq) {
        await catchUp().catch((error: unknown) => log.warn({ err: error }, 'The log could not be read after a write'));
      }
    },
    catchUp,
    stopping: stopping.signal,
    async stop() {
      stopping.stop();
      subscription?.close();
      await polling;
      await reading?.catch(() => {});
    },
  };
}
