import { type Evaluation, type EvaluationContext, evaluateAll, evaluateByClock, type Json } from '@spillway/evaluator';
import { type Bootstrap, bootstrapOf } from './bootstrap.ts';
import { connect, type Link } from './connection.ts';
import { definitionsAt } from './definitions.ts';
import {
  createEventQueue,
  Exposures,
  exposureEvent,
  type HappenedType,
  type TrackDetails,
  trackedEvent,
} from './events/index.ts';
import { type ConfigurationChange, Holder } from './holder.ts';
import { createKeeper } from './keeper.ts';
import type { Platform } from './platform.ts';
import { listenersOf, Standing } from './standing.ts';
import type { Status } from './status.ts';
import { reasonOf } from './stream.ts';
import { createSummaries } from './summaries.ts';

export const INITIALIZE_TIMEOUT_MS = 5_000;

export interface ClientOptions {
  /** Where the server or a relay answers, for instance `https://spillway.example.com`. */
  readonly url: string;
  /** Decides project and environment. */
  readonly sdkKey: string;
  /** A snapshot, as JSON text or parsed, that answers until something better is there. */
  readonly bootstrap?: unknown;
  /** Between two polls, where streams do not get through. 30 s when left out. */
  readonly pollMs?: number;
  /**
   * Whether the server is told, every ten seconds, how often each answer was given and, as far as the environment's settings
   * allow, for whom. True when left out.
   */
  readonly summaries?: boolean;
  /**
   * Whether summaries tell how many different users that were: by sketches, which are estimates made of hashes and hold no
   * user's key. True when left out.
   */
  readonly uniqueUsers?: boolean;
  /**
   * Whether the server is told, once an hour for each user, which variants of which flags they met: events with the user's
   * targeting key. False when left out.
   */
  readonly exposures?: boolean;
}

/** Answers from memory: no method waits for the network except `initialize` and `close`, and none throws or rejects. */
export interface Client {
  /** Connects, and resolves when the first configuration is there or can only come later; at the latest after `timeoutMs`. */
  initialize(options?: { readonly timeoutMs?: number }): Promise<Status>;
  boolean(flagKey: string, context: EvaluationContext, fallback: boolean): boolean;
  string(flagKey: string, context: EvaluationContext, fallback: string): string;
  number(flagKey: string, context: EvaluationContext, fallback: number): number;
  json(flagKey: string, context: EvaluationContext, fallback: Json): Json;
  /** The answer with variant, reason and configuration number. Text, number and true/false must be of `fallback`'s type. */
  details<T extends Json>(flagKey: string, context: EvaluationContext, fallback: T): Evaluation;
  /** All flags, answered from one configuration. */
  all(context: EvaluationContext): Readonly<Record<string, Evaluation>>;
  /** What `@spillway/web` starts from when a server renders for this context: values, and nothing of how they came about. */
  bootstrapFor(context: EvaluationContext): Bootstrap;
  /** Tells the server what a user did, with a value if it has one. Waits for nothing and never throws. */
  track(name: string, context: EvaluationContext, details?: TrackDetails): void;
  /** Tells the server a number that was measured, for a user or for none; one that is not finite is not told. */
  recordMetric(name: string, value: number, context?: EvaluationContext, details?: TrackDetails): void;
  /** Tells the server that something went wrong. Of the error only this name leaves, and what the details say. */
  recordError(name: string, context?: EvaluationContext, details?: TrackDetails): void;
  status(): Status;
  on(event: 'change', listener: (change: ConfigurationChange) => void): () => void;
  on(event: 'status', listener: (status: Status) => void): () => void;
  /** Ends the connection, sends the last summary and events and writes the cache. Answers go on from the last configuration. */
  close(): Promise<void>;
}

export function createClient(options: ClientOptions, platform: Platform): Client {
  const changes = listenersOf<ConfigurationChange>(platform);
  const keeper = createKeeper(platform);
  const holder = new Holder((change, source) => {
    if (source === 'server' && holder.configuration !== undefined) keeper.keep(holder.configuration.snapshot);
    changes.tell(change);
  }, platform.checkSignature);
  const summaries = options.summaries === false ? undefined : createSummaries(options, platform);
  const queue = createEventQueue({ url: options.url, key: options.sdkKey }, platform);
  const exposures = options.exposures === true ? new Exposures() : undefined;
  let disconnect: (() => void) | undefined;
  let restored: Promise<void> = Promise.resolve();

  const standing = new Standing<Status>(platform, (is, problem) => {
    const { configuration, source } = holder;
    const uncounted = summaries?.tally.uncounted ?? 0;
    return {
      ...{ is, configuration: configuration?.number ?? 0, source },
      ...(problem === undefined ? {} : { problem }),
      ...(uncounted === 0 ? {} : { uncounted }),
      ...(queue.dropped === 0 ? {} : { dropped: queue.dropped }),
    };
  });
  const report = (link: Link) => {
    if (link.is === 'denied') standing.become('failed', link.problem);
    // Until the server has sent a configuration there is nothing to be up to date with.
    else if (link.is === 'live') return holder.source === 'server' ? standing.become('ready') : undefined;
    else standing.become(holder.configuration === undefined ? 'starting' : 'stale', link.problem);
  };
  const restore = async () => {
    try {
      const text = await platform.storage?.read();
      if (text === undefined) return;
      const received = holder.offer(JSON.parse(text), 'cache');
      if (received.is === 'refused') platform.log('warn', `the cached configuration is not used: ${received.problem}`);
      else if (standing.is === 'starting' && standing.problem !== undefined) standing.become('stale', standing.problem);
    } catch (error) {
      platform.log('warn', `the cached configuration was not read: ${reasonOf(error)}`);
    }
  };
  const start = () => {
    if (disconnect !== undefined || standing.is === 'closed') return;
    restored = restore();
    summaries?.start();
    disconnect = connect(definitionsAt(options), holder, platform, report);
  };
  const initialize = (timeoutMs: number): Promise<Status> => {
    start();
    return standing.settled(timeoutMs, 'awaited');
  };

  const expose = (met: Exposures, answer: Evaluation, context: EvaluationContext) => {
    const { flagKey: flag, variant, errorCode, flagMetadata } = answer;
    const user = context?.targetingKey;
    if (errorCode !== undefined || typeof user !== 'string' || user === '') return;
    const of = { flag, variant: variant ?? null, configuration: flagMetadata.configuration };
    if (met.isNew(user, flag, of.variant, platform.now())) queue.add(exposureEvent(platform, of, context));
  };

  const tell = (type: HappenedType, name: string, context?: EvaluationContext, more?: TrackDetails) => {
    const event = trackedEvent(platform, name, context, more, type);
    if (event === undefined) platform.log('warn', 'what is told of needs a name of 1 to 200 characters');
    else queue.add(event);
  };

  const details = (flagKey: string, context: EvaluationContext, fallback: Json, type: string): Evaluation => {
    const { configuration } = holder;
    if (configuration === undefined) return notReady(flagKey, fallback);
    const answer = evaluateByClock(configuration, flagKey, context ?? {}, platform.now, fallback);
    summaries?.tally.count(answer, context?.targetingKey);
    summaries?.sample.look(context);
    if (exposures !== undefined) expose(exposures, answer, context);
    return type === 'object' || typeof answer.value === type ? answer : mismatch(answer, fallback, type);
  };

  if (options.bootstrap !== undefined) {
    const received = holder.offer(readBootstrap(options.bootstrap), 'bootstrap');
    if (received.is === 'refused') platform.log('warn', `the bootstrap is not used: ${received.problem}`);
  }

  return {
    initialize: ({ timeoutMs = INITIALIZE_TIMEOUT_MS } = {}) => initialize(timeoutMs),
    boolean(flagKey, context, fallback) {
      const { value } = details(flagKey, context, fallback, 'boolean');
      return typeof value === 'boolean' ? value : fallback;
    },
    string(flagKey, context, fallback) {
      const { value } = details(flagKey, context, fallback, 'string');
      return typeof value === 'string' ? value : fallback;
    },
    number(flagKey, context, fallback) {
      const { value } = details(flagKey, context, fallback, 'number');
      return typeof value === 'number' ? value : fallback;
    },
    json: (flagKey, context, fallback) => details(flagKey, context, fallback, 'object').value,
    details: (flagKey, context, fallback) => details(flagKey, context, fallback, typeof fallback),
    all(context) {
      const { configuration } = holder;
      if (configuration === undefined) return {};
      const answers = evaluateAll(configuration, context ?? {}, platform.now());
      return Object.fromEntries(answers.map((answer) => [answer.flagKey, answer]));
    },
    bootstrapFor: (context) => bootstrapOf(holder.configuration, context ?? {}, platform.now()),
    track: (name, context, more) => tell('user_action', name, context, more),
    recordMetric(name, value, context, more) {
      if (Number.isFinite(value)) tell('metric_recorded', name, context, { ...more, value });
      else platform.log('warn', `the metric ${name} is no finite number and is not told`);
    },
    recordError: (name, context, more) => tell('error_occurred', name, context, more),
    status: () => standing.status(),
    on(event: 'change' | 'status', listener: ((change: ConfigurationChange) => void) & ((status: Status) => void)) {
      return event === 'change' ? changes.add(listener) : standing.add(listener);
    },
    async close() {
      disconnect?.();
      standing.become('closed');
      await restored;
      await Promise.all([keeper.flush(), summaries?.stop(), queue.stop()]);
    },
  };
}

function readBootstrap(bootstrap: unknown): unknown {
  if (typeof bootstrap !== 'string') return bootstrap;
  try {
    return JSON.parse(bootstrap);
  } catch {
    return undefined;
  }
}

function notReady(flagKey: string, value: Json): Evaluation {
  return {
    flagKey,
    value,
    reason: 'ERROR',
    errorCode: 'PROVIDER_NOT_READY',
    errorMessage: 'no configuration has been received yet',
    flagMetadata: { configuration: 0 },
  };
}

function mismatch(answer: Evaluation, value: Json, type: string): Evaluation {
  if (answer.reason === 'ERROR') return answer;
  const { flagKey, flagMetadata } = answer;
  const errorMessage = `the flag's value is no ${type}`;
  return { flagKey, value, reason: 'ERROR', errorCode: 'TYPE_MISMATCH', errorMessage, flagMetadata };
}
