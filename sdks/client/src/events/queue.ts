import { backoffMs } from '../backoff.ts';
import type { Platform } from '../platform.ts';
import type { SentEvent } from './event.ts';
import { type Delivery, type EventTarget, postEvents } from './post.ts';

export const BATCH_MS = 5_000;
/** Sent at once; what a page sends as it goes must stay below 64 kB. */
export const BATCH = 50;
const BATCH_CHARACTERS = 48_000;
/** Events that wait; of more the oldest are dropped. */
export const MAX_WAITING = 5_000;
const SEND_MS = 10_000;
/** How long stopping may take, whatever still waits. */
const LAST_MS = 2_000;

export interface EventQueue {
  add(event: SentEvent): void;
  /** Events that the server does not know and will not, for want of room, of a server, or because it refused them. */
  readonly dropped: number;
  /** Sends what waits now; never rejects. */
  flush(): Promise<void>;
  /** Sends what waits, and no more from then on. */
  stop(): Promise<void>;
}

/**
 * Events on their way: in batches, when there are enough or after five seconds. What does not arrive is sent again with the
 * same ids, so that nothing counts twice; a server that has too much is waited for. Nobody who tracks waits for anything.
 */
export function createEventQueue(
  target: EventTarget,
  platform: Pick<Platform, 'fetch' | 'random' | 'after' | 'log'>,
): EventQueue {
  let waiting: SentEvent[] = [];
  let dropped = 0;
  let failures = 0;
  let stopped = false;
  /** Stopped, and its time is over. */
  let isOver = false;
  let sending: Promise<void> | undefined;
  let underway: AbortController | undefined;
  let cancel: (() => void) | undefined;
  /** The server has said when to come again. */
  let isHeld = false;

  const plan = (afterMs: number) => {
    cancel ??= platform.after(afterMs, () => {
      cancel = undefined;
      isHeld = false;
      void flush();
    });
  };

  /** One at a time: it takes along what is added meanwhile. */
  const flush = (): Promise<void> => {
    sending ??= drain().finally(() => {
      sending = undefined;
    });
    return sending;
  };

  const drain = async (): Promise<void> => {
    while (waiting.length > 0 && (stopped ? !isOver : !isHeld)) {
      const batch = firstOf(waiting);
      const delivery = await post(batch);
      if (delivery.is === 'later') return hold(delivery.afterMs);
      failures = 0;
      // Meanwhile the oldest may have been dropped.
      const sent = new Set(batch);
      waiting = waiting.filter((event) => !sent.has(event));
      if (delivery.is === 'told') dropped += delivery.refused;
      else {
        dropped += batch.length;
        platform.log('warn', `${batch.length} events were refused with ${delivery.status} and are dropped`);
      }
    }
  };

  const hold = (afterMs: number | undefined) => {
    failures += 1;
    if (stopped) return;
    cancel?.();
    cancel = undefined;
    isHeld = true;
    plan(afterMs ?? backoffMs(failures, platform.random));
  };

  const post = async (events: readonly SentEvent[]): Promise<Delivery> => {
    const abort = new AbortController();
    underway = abort;
    const end = platform.after(SEND_MS, () => abort.abort());
    // A page that goes lets its last words be carried on.
    const manner = { signal: abort.signal, keepalive: true };
    const delivery = await postEvents(target, JSON.stringify({ events }), platform, manner);
    end();
    return delivery;
  };

  return {
    add(event) {
      if (stopped) {
        dropped += 1;
        return;
      }
      if (waiting.length >= MAX_WAITING) {
        waiting.shift();
        dropped += 1;
      }
      waiting.push(event);
      if (waiting.length >= BATCH && !isHeld) void flush();
      else plan(BATCH_MS);
    },
    get dropped() {
      return dropped;
    },
    flush,
    async stop() {
      cancel?.();
      stopped = true;
      const end = platform.after(LAST_MS, () => {
        isOver = true;
        underway?.abort();
      });
      await sending;
      await flush();
      end();
      dropped += waiting.length;
      waiting = [];
    },
  };
}

/** As many as go at once, of the oldest. */
function firstOf(waiting: readonly SentEvent[]): readonly SentEvent[] {
  let characters = 0;
  return waiting.slice(0, BATCH).filter((event, index) => {
    characters += JSON.stringify(event).length;
    return index === 0 || characters <= BATCH_CHARACTERS;
  });
}
