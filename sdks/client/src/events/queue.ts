import { backoffMs } from '../backoff.ts';
import type { Platform } from '../platform.ts';
import type { SentEvent } from './event.ts';

export const BATCH_MS = 5_000;
/** Sent at once; what a page sends as it goes must stay below 64 kB. */
export const BATCH = 50;
const BATCH_CHARACTERS = 48_000;
/** Events that wait; of more the oldest are dropped. */
export const MAX_WAITING = 5_000;
const SEND_MS = 10_000;
/** How long stopping may wait for a batch to arrive. */
const LAST_MS = 2_000;
const LONGEST_WAIT_MS = 300_000;

export interface EventTarget {
  readonly url: string;
  readonly key: string;
}

export interface EventQueue {
  add(event: SentEvent): void;
  /** Events that the server does not know and will not, for want of room, of a server, or because it refused them. */
  readonly dropped: number;
  /** Sends what waits now; never rejects. */
  flush(): Promise<void>;
  /** Sends what waits, and no more from then on. */
  stop(): Promise<void>;
}

type Delivery =
  | { readonly is: 'told'; readonly refused: number }
  | { readonly is: 'later'; readonly afterMs?: number }
  | { readonly is: 'refused'; readonly status: number };

/**
 * Events on their way: in batches, when there are enough or after five seconds. What does not arrive is sent again with the
 * same ids, so that nothing counts twice; a server that has too much is waited for. Nobody who tracks waits for anything.
 */
export function createEventQueue(
  { url, key }: EventTarget,
  platform: Pick<Platform, 'fetch' | 'random' | 'after' | 'log'>,
): EventQueue {
  const address = `${url.replace(/\/+$/, '')}/api/v1/events`;
  let waiting: SentEvent[] = [];
  let dropped = 0;
  let failures = 0;
  let stopped = false;
  let sending: Promise<void> = Promise.resolve();
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

  const flush = (): Promise<void> => {
    sending = sending.then(drain);
    return sending;
  };

  const drain = async (): Promise<void> => {
    while (waiting.length > 0 && (stopped || !isHeld)) {
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
    const end = platform.after(stopped ? LAST_MS : SEND_MS, () => abort.abort());
    try {
      const response = await platform.fetch(address, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ events }),
        signal: abort.signal,
        // A page that goes lets its last words be carried on.
        keepalive: true,
      });
      if (response.ok) return { is: 'told', refused: refusedIn(await response.json()) };
      await response.body?.cancel();
      const { status } = response;
      if (status < 500 && status !== 408 && status !== 429) return { is: 'refused', status };
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
      return seconds > 0 ? { is: 'later', afterMs: Math.min(seconds * 1_000, LONGEST_WAIT_MS) } : { is: 'later' };
    } catch {
      return { is: 'later' };
    } finally {
      end();
    }
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
      await flush();
      dropped += waiting.length;
      waiting = [];
    },
  };
}

/** As many as go at once, of the oldest. */
function firstOf(waiting: readonly SentEvent[]): readonly SentEvent[] {
  let characters = 0;
  const end = waiting.slice(0, BATCH).findIndex((event) => {
    characters += JSON.stringify(event).length;
    return characters > BATCH_CHARACTERS;
  });
  return waiting.slice(0, end === -1 ? BATCH : Math.max(1, end));
}

function refusedIn(answer: unknown): number {
  const refused = typeof answer === 'object' && answer !== null && 'refused' in answer ? answer.refused : [];
  return Array.isArray(refused) ? refused.length : 0;
}
