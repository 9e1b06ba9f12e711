import type { Platform } from '@spillway/client/connection';
import { backoffMs, type Delivery, postEvents } from '@spillway/client/relaying';
import type { Spool } from './spool.ts';

/** What came is sent on after so long, so that a batch holds more than one application's. */
const GATHER_MS = 500;
const SEND_MS = 10_000;
/** How long stopping may take; what is left is on the disk. */
const LAST_MS = 2_000;
/** A key that the upstream refuses may count again, or its events may be fetched with another. */
const DENIED_RETRY_MS = 60_000;
/** What says that something in the batch is wrong, and not that nothing of the kind is taken. */
const ABOUT_CONTENT: ReadonlySet<number> = new Set([400, 413, 422]);

export interface ForwardTarget {
  readonly url: string;
  readonly key: string;
  /** Who sent the events: servers, or pages. */
  readonly source: 'sdk' | 'client';
}

export interface Forwarder {
  /** Events were added. */
  wake(): void;
  /** Events that the relay had taken and that the upstream does not know and will not: refused there, or damaged here. */
  readonly dropped: number;
  /** Sends what can be sent quickly, and no more from then on. */
  stop(): Promise<void>;
}

type Outcome = { readonly is: 'done'; readonly dropped: number } | Extract<Delivery, { is: 'later' }>;

/** Sends what a spool holds to the upstream, oldest first; each file is taken away once the upstream has said that it has it. */
export function createForwarder(target: ForwardTarget, spool: Spool, platform: Platform): Forwarder {
  let dropped = 0;
  let failures = 0;
  let stopping = false;
  let isOver = false;
  let underway: AbortController | undefined;
  let cancel: (() => void) | undefined;
  let sending: Promise<void> = Promise.resolve();

  const plan = (afterMs: number) => {
    if (stopping) return;
    cancel ??= platform.after(afterMs, () => {
      cancel = undefined;
      void flush();
    });
  };

  const flush = (): Promise<void> => {
    sending = sending.then(drain).catch((error: unknown) => {
      platform.log('warn', `events are not sent on: ${error instanceof Error ? error.message : 'unknown'}`);
      hold(undefined);
    });
    return sending;
  };

  const hold = (afterMs: number | undefined) => {
    failures += 1;
    plan(afterMs ?? backoffMs(failures, platform.random));
  };

  const drain = async (): Promise<void> => {
    while (!isOver) {
      const batch = await spool.oldest();
      if (batch === undefined) return;
      const outcome: Outcome = batch.events.length === 0 ? { is: 'done', dropped: 0 } : await deliver(batch.events);
      if (outcome.is === 'later') return hold(outcome.afterMs);
      failures = 0;
      const lost = outcome.dropped + batch.damaged;
      dropped += lost;
      if (lost > 0) platform.log('warn', `${lost} events are dropped: ${batch.damaged} damaged, the others refused`);
      await spool.remove(batch.number);
    }
  };

  const post = async (body: string): Promise<Delivery> => {
    const abort = new AbortController();
    underway = abort;
    const end = platform.after(SEND_MS, () => abort.abort());
    const delivery = await postEvents(target, body, platform, abort);
    end();
    return delivery;
  };

  const deliver = async (events: readonly string[]): Promise<Outcome> => {
    const told = await post(bodyOf(target, events));
    if (told.is === 'later') return told;
    if (told.is === 'told') return { is: 'done', dropped: told.refused };
    if (told.status === 401) return { is: 'later', afterMs: DENIED_RETRY_MS };
    if (events.length === 1 || !ABOUT_CONTENT.has(told.status)) return { is: 'done', dropped: events.length };
    return deliverHalves(events);
  };

  /** One event that nobody can read must not take the others with it. */
  const deliverHalves = async (events: readonly string[]): Promise<Outcome> => {
    const middle = Math.ceil(events.length / 2);
    const first = await deliver(events.slice(0, middle));
    if (first.is === 'later') return first;
    const second = await deliver(events.slice(middle));
    return second.is === 'later' ? second : { is: 'done', dropped: first.dropped + second.dropped };
  };

  return {
    wake: () => plan(GATHER_MS),
    get dropped() {
      return dropped;
    },
    async stop() {
      stopping = true;
      cancel?.();
      cancel = undefined;
      const end = platform.after(LAST_MS, () => {
        isOver = true;
        underway?.abort();
      });
      await flush();
      end();
    },
  };
}

/** The events are JSON already. */
function bodyOf({ source }: ForwardTarget, events: readonly string[]): string {
  return `{"events":[${events.join(',')}]${source === 'client' ? ',"source":"client"' : ''}}`;
}
