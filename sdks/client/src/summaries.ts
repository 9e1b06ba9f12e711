import { spread } from './backoff.ts';
import { jsonOf } from './body.ts';
import { ContextSample, type SentContexts } from './context-sample.ts';
import { idFrom } from './events/event.ts';
import type { Platform } from './platform.ts';
import { readTerms, wantsUsers } from './sample-terms.ts';
import { type AnswerCount, AnswerTally } from './tally.ts';
import { type SentUsers, UserTally } from './user-tally.ts';

export const SUMMARY_MS = 10_000;
/** The server takes no longer keys, and no more counts at once. */
const KEY = /^[a-z0-9][a-z0-9._-]{0,127}$/;
/** How long closing may wait for the last summary to arrive. */
const LAST_MS = 2_000;
const SEND_MS = 5_000;
/** Too many values, too long, or with fields that an older server does not know. */
const NOT_AS_IT_IS: readonly number[] = [400, 413, 422];

export interface Summaries {
  readonly tally: AnswerTally;
  readonly users: UserTally;
  readonly sample: ContextSample;
  start(): void;
  /** Sends what was counted last; never rejects, and takes no longer than twice `LAST_MS`. */
  stop(): Promise<void>;
}

/** What becomes of counts that the server was not there to take. */
export type Undelivered = 'given up' | 'sent later';

/** `unanswered`: nobody knows whether it was taken. */
type Delivery = 'told' | 'refused' | 'undelivered' | 'unanswered';

export interface SummaryTarget {
  readonly url: string;
  readonly sdkKey: string;
  readonly uniqueUsers?: boolean;
}

interface Told {
  /** Sent once more under the same key, it counts once. */
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly counts: readonly AnswerCount[];
  readonly contexts: SentContexts | undefined;
  readonly users: readonly SentUsers[];
}

/**
 * Tells the server every ten seconds how often each answer was given: numbers, and of the contexts no more than the
 * environment's settings allow, which its answers tell. A summary that does not arrive is given up and counted, so that no memory is
 * held for it. Who counts for many has it sent later: as it was where only its answer is missing, so that it counts once, else added up,
 * with the usual bound. No answer waits for it.
 */
export function createSummaries(
  target: SummaryTarget,
  platform: Platform,
  undelivered: Undelivered = 'given up',
): Summaries {
  const users = new UserTally();
  if (target.uniqueUsers === false) users.agree(false);
  const tally = new AnswerTally(users);
  const sample = new ContextSample(platform);
  const address = `${target.url.replace(/\/+$/, '')}/api/v1/sdk/summaries`;
  let since = platform.now();
  let cancel: (() => void) | undefined;
  let sending: Promise<void> = Promise.resolve();
  let unanswered: Told | undefined;
  /** A server without this door, an older one, is not asked again. */
  let unwanted = false;

  const send = async (withinMs: number): Promise<void> => {
    if (unanswered !== undefined && !(await sendAgain(unanswered, withinMs))) return;
    const taken = tally.take();
    const counts = taken.filter(isTellable);
    const from = since;
    since = platform.now();
    const contexts = await sample.take();
    const met = users.take(since).filter(isTellable);
    if (counts.length === 0 && met.length === 0) return;
    const told: Told = { key: idFrom(platform), from, to: since, counts, contexts, users: met };
    const delivery = unwanted ? 'refused' : await post(told, withinMs);
    if (delivery !== 'told') keep(told, delivery);
  };

  /** Whether the next may follow. */
  const sendAgain = async (told: Told, withinMs: number): Promise<boolean> => {
    const delivery = await post(told, withinMs);
    if (delivery === 'unanswered' || delivery === 'undelivered') return false;
    unanswered = undefined;
    if (delivery === 'refused') keep(told, delivery);
    return true;
  };

  const keep = (told: Told, delivery: Delivery) => {
    const { from, counts, contexts, users: met } = told;
    if (delivery === 'unanswered' && undelivered === 'sent later') {
      unanswered = told;
      return;
    }
    if (delivery === 'undelivered' && undelivered === 'sent later') {
      since = from;
      for (const each of counts) tally.add(each);
    } else tally.give(counts);
    if (contexts !== undefined) sample.untold(contexts);
    // They cost no more memory for being told later, whoever they are counted for.
    if (delivery !== 'refused') users.untold(met);
  };

  /** Counts matter more than where they came from: where both are not taken, they go without. Both tries take no longer. */
  const post = async (told: Told, withinMs: number): Promise<Delivery> => {
    const abort = new AbortController();
    const stop = platform.after(withinMs, () => abort.abort());
    try {
      const delivery = await postOnce(told, abort.signal);
      if (delivery !== 'not as it is') return delivery;
      const again = await postOnce(plain(told), abort.signal);
      return again === 'not as it is' ? 'refused' : again;
    } catch {
      return 'unanswered';
    } finally {
      stop();
    }
  };

  const postOnce = async (told: Told, signal: AbortSignal): Promise<Delivery | 'not as it is'> => {
    const { key, from, to, counts, contexts, users: met } = told;
    const response = await platform.fetch(address, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${target.sdkKey}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify({
        ...{ from: timeOf(from), to: timeOf(to), counts, contexts },
        ...(met.length === 0 ? {} : { users: met }),
      }),
      signal,
    });
    unwanted = response.status === 404 || response.status === 405;
    if (!response.ok) {
      await response.body?.cancel();
      if (NOT_AS_IT_IS.includes(response.status)) return 'not as it is';
      if (response.status === 429 || response.status === 503) return 'undelivered';
      return isPassing(response.status) ? 'unanswered' : 'refused';
    }
    const terms = await jsonOf(response);
    sample.agree(readTerms(terms));
    users.agree(target.uniqueUsers !== false && wantsUsers(terms));
    return 'told';
  };

  const next = () => {
    cancel = platform.after(spread(SUMMARY_MS, platform.random), () => {
      sending = sending.then(() => send(SEND_MS));
      next();
    });
  };

  return {
    tally,
    sample,
    users,
    start: () => {
      if (cancel === undefined) next();
    },
    stop: async () => {
      cancel?.();
      // Without a start there was no server to speak of.
      if (cancel !== undefined) {
        const knew = users.wanted;
        sending = sending.then(() => send(LAST_MS));
        // The first answer tells what may be told, and what was held until then is told by a second summary.
        if (!knew) sending = sending.then(() => (users.hasNews ? send(LAST_MS) : undefined));
      }
      await sending;
    },
  };
}

function plain(told: Told): Told {
  return { ...told, counts: told.counts.map(({ configurations: _, ...count }) => count) };
}

/** Whether the same may well be taken another time. */
function isPassing(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}

function isTellable({ flag, variant }: { readonly flag: string; readonly variant: string | null }): boolean {
  return KEY.test(flag) && (variant === null || KEY.test(variant));
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
