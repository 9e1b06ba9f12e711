import { connect, type Link, listenersOf, Standing, type Target } from '@spillway/client/connection';
import { createCache } from './cache.ts';
import { Holder } from './holder.ts';
import type { BrowserPlatform, Log } from './platform.ts';
import type { Source, Status } from './status.ts';
import { type Context, type Details, detailsIn, differing, type Json, type Values, type Widened } from './values.ts';

export const INITIALIZE_TIMEOUT_MS = 3_000;
/** A page that stays hidden this long gives its connection up; it takes it up again when it is shown. */
export const HIDDEN_MS = 60_000;

export interface ClientOptions {
  /** Where the server answers, for instance `https://spillway.example.com`. */
  readonly url: string;
  /** Of kind `client`; may be seen in the page. */
  readonly clientKey: string;
  /** Who the page is shown to. */
  readonly context: Context;
  /** Values that a server has made for this very context; they answer until something newer is there. */
  readonly bootstrap?: unknown;
  /** Between two polls, where streams do not get through. 30 s when left out. */
  readonly pollMs?: number;
  /** Warnings go to the console when left out. */
  readonly log?: Log;
}

export interface FlagsChange {
  readonly configuration: number;
  /** Keys of the flags that answer differently now. */
  readonly flags: readonly string[];
}

/** Answers from memory: nothing waits for the network but `initialize` and `identify`, and nothing throws or rejects. */
export interface Client {
  /** Connects, and resolves when values are there or can only come later; at the latest after `timeoutMs`. */
  initialize(options?: { readonly timeoutMs?: number }): Promise<Status>;
  /** From now on answers are another user's: the defaults until that user's values are there. */
  identify(context: Context, options?: { readonly timeoutMs?: number }): Promise<Status>;
  boolean(flagKey: string, fallback: boolean): boolean;
  string(flagKey: string, fallback: string): string;
  number(flagKey: string, fallback: number): number;
  json(flagKey: string, fallback: Json): Json;
  /** The answer with variant, reason and configuration number. */
  details<T extends Json>(flagKey: string, fallback: T): Details<Widened<T>>;
  /** The answer of the bootstrap alone, whatever has come since: what a server rendered the page with. */
  initial<T extends Json>(flagKey: string, fallback: T): Details<Widened<T>>;
  status(): Status;
  on(event: 'change', listener: (change: FlagsChange) => void): () => void;
  on(event: 'status', listener: (status: Status) => void): () => void;
  /** Ends the connection. Answers go on from the last values. */
  close(): void;
}

export function createClient(options: ClientOptions, platform: BrowserPlatform): Client {
  const changes = listenersOf<FlagsChange>(platform);
  const cache = createCache(platform, options);
  let { context } = options;
  let holder = holderFor(context);
  let disconnect: (() => void) | undefined;
  let forgetPage: (() => void) | undefined;
  let cancelHiding: (() => void) | undefined;

  function holderFor(of: Context): Holder {
    const mine: Holder = new Holder((before, after, source) => {
      if (source === 'server') cache.write(of, after);
      // Until a holder is in use, nobody has heard anything of it.
      if (mine === holder) tellChange(before, after);
    });
    return mine;
  }
  function tellChange(before: Values | undefined, after: Values): void {
    const flags = differing(before, after);
    if (flags.length > 0) changes.tell({ configuration: after.configuration, flags });
  }
  const standing = new Standing<Status>(platform, (is, problem) => ({
    ...{ is, configuration: holder.values?.configuration ?? 0, source: holder.source },
    ...(problem === undefined ? {} : { problem }),
  }));
  const report = (link: Link) => {
    if (link.is === 'denied') standing.become('failed', link.problem);
    else if (link.is === 'live') standing.become('ready');
    else standing.become(holder.values === undefined ? 'starting' : 'stale', link.problem);
  };
  const offer = (payload: unknown, source: Source) => {
    if (payload === undefined) return;
    const received = holder.offer(payload, source);
    if (received.is === 'refused') platform.log('warn', `the ${source} is not used: ${received.problem}`);
  };

  const follow = () => {
    const mine = holder;
    let ended = false;
    const end = connect(targetOf(options, context), mine, platform, (link) => {
      if (!ended) report(link);
    });
    disconnect = () => {
      ended = true;
      end();
      disconnect = undefined;
    };
  };
  const lookAtPage = () => {
    if (standing.is === 'closed') return;
    cancelHiding?.();
    if (platform.isHidden()) {
      cancelHiding = platform.after(HIDDEN_MS, () => {
        disconnect?.();
        if (standing.is === 'ready') standing.become('stale', 'the page is hidden');
      });
    } else if (disconnect === undefined || standing.is !== 'ready') {
      // Whoever looks again should not have to wait until a back-off ends.
      disconnect?.();
      follow();
    }
  };
  offer(readBootstrap(options.bootstrap), 'bootstrap');
  const initial = holder.values;

  return {
    initialize({ timeoutMs = INITIALIZE_TIMEOUT_MS } = {}) {
      if (forgetPage === undefined && standing.is !== 'closed') {
        offer(cache.read(context), 'cache');
        forgetPage = platform.onReturn(lookAtPage);
        follow();
      }
      return standing.settled(timeoutMs);
    },
    identify(next, { timeoutMs = INITIALIZE_TIMEOUT_MS } = {}) {
      const before = holder.values;
      const connected = forgetPage !== undefined && standing.is !== 'closed';
      disconnect?.();
      context = next;
      holder = holderFor(next);
      const fresh = holder;
      const kept = cache.read(next);
      if (kept !== undefined) fresh.offer(kept, 'cache');
      holder = fresh;
      standing.become('starting');
      // One change, from the last user's values to this one's.
      tellChange(before, holder.values ?? { configuration: 0, flags: {} });
      if (connected) follow();
      return connected ? standing.settled(timeoutMs) : Promise.resolve(standing.status());
    },
    boolean: (flagKey, fallback) => detailsIn(holder.values, flagKey, fallback).value,
    string: (flagKey, fallback) => detailsIn(holder.values, flagKey, fallback).value,
    number: (flagKey, fallback) => detailsIn(holder.values, flagKey, fallback).value,
    json: (flagKey, fallback) => {
      const { value, reason } = detailsIn<Json>(holder.values, flagKey, null);
      return reason === 'ERROR' ? fallback : value;
    },
    details: (flagKey, fallback) => detailsIn(holder.values, flagKey, fallback),
    initial: (flagKey, fallback) => detailsIn(initial, flagKey, fallback),
    status: () => standing.status(),
    on(event: 'change' | 'status', listener: ((change: FlagsChange) => void) & ((status: Status) => void)) {
      return event === 'change' ? changes.add(listener) : standing.add(listener);
    },
    close() {
      disconnect?.();
      forgetPage?.();
      cancelHiding?.();
      standing.become('closed');
    },
  };
}

function targetOf({ url, clientKey, pollMs }: ClientOptions, context: Context): Target {
  const base = `${url.replace(/\/+$/, '')}/api/v1/client`;
  const ask = {
    method: 'POST',
    headers: { authorization: `Bearer ${clientKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ context: context ?? {} }),
  } as const;
  return {
    stream: { ...ask, url: `${base}/stream` },
    whole: { ...ask, url: `${base}/evaluations`, event: 'values' },
    pollMs,
  };
}

function readBootstrap(bootstrap: unknown): unknown {
  if (typeof bootstrap !== 'string') return bootstrap;
  try {
    return JSON.parse(bootstrap);
  } catch {
    return null;
  }
}
