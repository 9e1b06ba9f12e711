import { spread } from './backoff.ts';
import { ContextSample, type SentContexts } from './context-sample.ts';
import type { Platform } from './platform.ts';
import { readTerms } from './sample-terms.ts';
import { type AnswerCount, AnswerTally } from './tally.ts';

export const SUMMARY_MS = 10_000;
/** The server takes no longer keys, and no more counts at once. */
const KEY = /^[a-z0-9][a-z0-9._-]{0,127}$/;
/** How long closing may wait for the last summary to arrive. */
const LAST_MS = 2_000;
const SEND_MS = 5_000;

export interface Summaries {
  readonly tally: AnswerTally;
  readonly sample: ContextSample;
  start(): void;
  /** Sends what was counted last; never rejects, and takes no longer than `LAST_MS`. */
  stop(): Promise<void>;
}

/**
 * Tells the server every ten seconds how often each answer was given: numbers, and of the contexts no more than the
 * environment's settings allow, which its answers tell. A summary that does not arrive is given up and counted; no memory is
 * held for it, and no answer waits for it.
 */
export function createSummaries(
  target: { readonly url: string; readonly sdkKey: string },
  platform: Platform,
): Summaries {
  const tally = new AnswerTally();
  const sample = new ContextSample(platform);
  const address = `${target.url.replace(/\/+$/, '')}/api/v1/sdk/summaries`;
  let since = platform.now();
  let cancel: (() => void) | undefined;
  let sending: Promise<void> = Promise.resolve();
  /** A server without this door, an older one, is not asked again. */
  let unwanted = false;

  const send = async (withinMs: number): Promise<void> => {
    const taken = tally.take();
    const counts = taken.filter(({ flag, variant }) => KEY.test(flag) && (variant === null || KEY.test(variant)));
    const from = since;
    since = platform.now();
    const contexts = await sample.take();
    if (counts.length === 0) return;
    if (!unwanted && (await post(counts, contexts, from, withinMs))) return;
    tally.give(counts);
    if (contexts !== undefined) sample.untold(contexts);
  };

  const post = async (
    counts: readonly AnswerCount[],
    contexts: SentContexts | undefined,
    from: number,
    withinMs: number,
  ): Promise<boolean> => {
    const abort = new AbortController();
    const stop = platform.after(withinMs, () => abort.abort());
    try {
      const response = await platform.fetch(address, {
        method: 'POST',
        headers: { authorization: `Bearer ${target.sdkKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ from: timeOf(from), to: timeOf(since), counts, contexts }),
        signal: abort.signal,
      });
      unwanted = response.status === 404 || response.status === 405;
      if (!response.ok) {
        await response.body?.cancel();
        return false;
      }
      sample.agree(readTerms(await response.json().catch(() => undefined)));
      return true;
    } catch {
      return false;
    } finally {
      stop();
    }
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
    start: () => {
      if (cancel === undefined) next();
    },
    stop: async () => {
      cancel?.();
      // Without a start there was no server to speak of.
      if (cancel !== undefined) sending = sending.then(() => send(LAST_MS));
      await sending;
    },
  };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
