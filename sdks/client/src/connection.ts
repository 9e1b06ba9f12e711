import { backoffMs, spread } from './backoff.ts';
import { textOf } from './body.ts';
import type { Platform } from './platform.ts';
import type { Receiver } from './receiver.ts';
import { CONNECT_MS, type Failure, failureOf, followStream, reasonOf } from './stream.ts';

export const DENIED_RETRY_MS = 60_000;
export const POLL_MS = 30_000;
/** While polling, a stream is tried anew after this many polls. */
export const POLLS_BEFORE_STREAM = 10;
/** A stream that lasted this long counts as good: the next attempt after it starts with no delay to speak of. */
const STABLE_MS = 5_000;
/** After so many streams that ended before their first event, snapshots are polled instead. */
const EMPTY_STREAMS = 3;

/** Where a receiver is kept up to date from. */
export interface Target {
  readonly stream: Ask;
  /** Answers everything at once; the receiver gets it as the event named here. */
  readonly whole: Ask & { readonly event: string };
  readonly pollMs?: number | undefined;
}

/** One request, made again and again. */
export interface Ask {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type Link =
  | { readonly is: 'live' }
  | { readonly is: 'lost'; readonly problem: string }
  /** 401: the server does not know the key, or no longer; 403 may come from anything on the way. */
  | { readonly is: 'denied'; readonly problem: string; readonly status: 401 | 403 };

type Polled = { readonly is: 'current' } | { readonly is: 'refused'; readonly problem: string } | Failure;

/**
 * Keeps a receiver up to date until closed: by stream, by polling where streams do not get through, with back-off while
 * there is no server. Never throws; tells how it stands through `report`.
 */
export function connect(
  target: Target,
  receiver: Receiver,
  platform: Platform,
  report: (link: Link) => void,
): () => void {
  /** What closing has to stop. */
  const underway = new Set<() => void>();
  let closed = false;
  const pollMs = target.pollMs ?? POLL_MS;
  let etag: string | undefined;
  let emptyStreams = 0;

  const pause = (delayMs: number) =>
    new Promise<void>((resolve) => {
      if (closed) return resolve();
      const end = () => {
        cancel();
        underway.delete(end);
        resolve();
      };
      const cancel = platform.after(delayMs, end);
      underway.add(end);
    });

  /** Lends an abort signal that closing pulls. */
  const stoppable = async <T>(work: (abort: AbortController) => Promise<T>): Promise<T> => {
    const abort = new AbortController();
    const stop = () => abort.abort();
    underway.add(stop);
    try {
      return await work(abort);
    } finally {
      underway.delete(stop);
    }
  };

  const fetchWhole = () => stoppable(fetchWithin);
  const fetchWithin = async (abort: AbortController): Promise<Polled> => {
    const cancel = platform.after(CONNECT_MS, () => abort.abort());
    try {
      const { url, event, headers, ...more } = target.whole;
      const response = await platform.fetch(url, {
        ...more,
        headers: { ...headers, ...(etag === undefined ? {} : { 'if-none-match': etag }) },
        signal: abort.signal,
        cache: 'no-store',
      });
      const failure = failureOf(response);
      if (failure !== undefined || response.status === 304) return failure ?? { is: 'current' };
      const received = receiver.receive(event, await textOf(response));
      if (received.is === 'refused') return received;
      if (received.is === 'unfit') return unfit;
      etag = response.headers.get('etag') ?? undefined;
      return { is: 'current' };
    } catch (error) {
      return { is: 'unreachable', problem: `the server was not reached: ${reasonOf(error)}` };
    } finally {
      cancel();
      // Ends what is left unread, and nothing else.
      abort.abort();
    }
  };

  const stream = () => stoppable(streamUntil);
  const streamUntil = async (abort: AbortController): Promise<Failure> => {
    const resumeFrom = receiver.resumeFrom();
    let events = 0;
    let fetching: Promise<void> | undefined;
    let cancelRetry = () => {};
    const current = () => {
      cancelRetry();
      report({ is: 'live' });
    };
    /** What is no good now may be in a while, and without a further change nothing else would ask for it. */
    const refused = (problem: string) => {
      report({ is: 'lost', problem });
      cancelRetry();
      cancelRetry = platform.after(spread(pollMs, platform.random), () => abort.abort());
    };
    /** A change did not fit: the whole is fetched, once however many changes ask for it. */
    const catchUp = async () => {
      const polled = await fetchWhole();
      fetching = undefined;
      if (polled.is === 'current') return current();
      if (polled.is === 'refused') return refused(polled.problem);
      report({ is: 'lost', problem: polled.problem });
      // Resuming from what is held brings the missed changes once more.
      abort.abort();
    };
    const failure = await followStream(
      {
        ...target.stream,
        headers: {
          ...target.stream.headers,
          ...(resumeFrom === undefined ? {} : { 'last-event-id': String(resumeFrom) }),
        },
        abort,
      },
      platform,
      (event, data) => {
        events += 1;
        const received = receiver.receive(event, data);
        if (received.is === 'current') current();
        else if (received.is === 'refused') refused(received.problem);
        else if (received.is === 'unfit') fetching ??= catchUp();
      },
    );
    await fetching;
    cancelRetry();
    if (events > 0) emptyStreams = 0;
    else if (failure.problem === 'the stream ended') emptyStreams += 1;
    return emptyStreams < EMPTY_STREAMS ? failure : { is: 'impossible', problem: 'streams end before they begin' };
  };

  const poll = async (): Promise<Failure | undefined> => {
    for (let count = 0; count < POLLS_BEFORE_STREAM && !closed; count += 1) {
      const polled = await fetchWhole();
      if (polled.is === 'current') report({ is: 'live' });
      else if (polled.is === 'refused') report({ is: 'lost', problem: polled.problem });
      else return polled;
      await pause(spread(pollMs, platform.random));
    }
    emptyStreams = 0;
    return undefined;
  };

  const run = async () => {
    let failures = 0;
    while (!closed) {
      const started = platform.now();
      let failure: Failure | undefined = await stream();
      if (platform.now() - started > STABLE_MS) failures = 0;
      if (closed) return;
      if (failure.is === 'impossible') {
        platform.log('warn', `${failure.problem}; polling instead`);
        failure = await poll();
      }
      if (failure === undefined || closed) continue;
      if (failure.is === 'denied') report(failure);
      else report({ is: 'lost', problem: failure.problem });
      const delayMs =
        failure.is === 'denied' ? spread(DENIED_RETRY_MS, platform.random) : backoffMs(failures, platform.random);
      failures += 1;
      await pause(Math.max(delayMs, 'retryAfterMs' in failure ? (failure.retryAfterMs ?? 0) : 0));
    }
  };

  run().catch((error: unknown) => report({ is: 'lost', problem: reasonOf(error) }));
  return () => {
    closed = true;
    for (const stop of underway) stop();
  };
}

const unfit: Failure = { is: 'unreachable', problem: 'the server sent a change where the whole was asked for' };
