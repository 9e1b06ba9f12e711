import { type ContextSettings, contextSettings, type Environment, type LogEntry, settingsDiffer } from '@spillway/core';
import { afterEntry, beforeEntry } from '../documents/document.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import { createStopSignal } from '../feed/stop-signal.ts';
import type { Clock, Log, Random, RecentContext, Store } from '../ports/index.ts';

/** Of one environment: enough for an interval of one percentage point to either side. */
export const MAX_CONTEXTS = 10_000;
export const COLLECT_MS = 10_000;
/** A week has its workdays and its weekend; who was not seen since is no recent context. */
export const CONTEXTS_KEPT_MS = 7 * 24 * 3_600_000;
const FORGET_MS = 3_600_000;
/** Written at once; others get their turn in between. */
const WRITTEN_AT_ONCE = 500;

/** What an SDK is told of the contexts that are wanted from it. */
export interface CollectionTerms {
  readonly recent_contexts: 'hashed' | 'full';
  readonly private_attributes: readonly string[];
  /** What ranks are made with, and digests of targeting keys. */
  readonly salt: string;
  /** Contexts of higher ranks would not be kept; absent while there is room. */
  readonly upto?: number;
}

/** Gathers contexts in memory and writes them in batches, so that no application waits for the store. */
export interface Collector {
  /** Undefined where nothing is collected. */
  terms(environment: string): Promise<CollectionTerms | undefined>;
  offer(environment: string, contexts: readonly RecentContext[]): void;
  /** Deletes all that is known of an environment's contexts, their salt too; how many were stored. */
  clear(environment: string): Promise<number>;
  /** Deletes one; whether there was one. */
  remove(environment: string, key: string): Promise<boolean>;
  /** Writes what waits. */
  flush(): Promise<void>;
  /** Resolves once what the environment's last change made obsolete is deleted. */
  settled(environment: string): Promise<void>;
  /** Whatever was collected under other settings goes. */
  apply(entry: LogEntry): void;
  start(): void;
  stop(): Promise<void>;
}

export interface CollectorDeps {
  readonly store: Store;
  readonly project: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly environments: EnvironmentDirectory;
}

interface Collected {
  waiting: Map<string, RecentContext>;
  salt: string | undefined;
  upto: number | undefined;
}

export function createCollector(deps: CollectorDeps): Collector {
  const { project, clock, random, log, environments } = deps;
  const { contexts } = deps.store;
  const stopping = createStopSignal();
  const collected = new Map<string, Collected>();
  /** One thing after the other, so that nothing is written behind the back of a deletion. */
  let turn: Promise<unknown> = Promise.resolve();
  let running: Promise<void> | undefined;
  let forgotten_ms = 0;

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }

  function stateOf(environment: string): Collected {
    const known = collected.get(environment) ?? { waiting: new Map(), salt: undefined, upto: undefined };
    collected.set(environment, known);
    return known;
  }

  function settingsOf(environment: string): ContextSettings {
    return contextSettings(environments.get(environment) ?? {});
  }

  async function look(environment: string, state: Collected): Promise<string> {
    const { count, highest_rank } = await contexts.kept(project, environment);
    state.upto = count < MAX_CONTEXTS ? undefined : (highest_rank ?? undefined);
    state.salt = await contexts.salt(project, environment, random.secret());
    return state.salt;
  }

  async function put(environment: string, waiting: readonly RecentContext[]): Promise<void> {
    for (let start = 0; start < waiting.length; start += WRITTEN_AT_ONCE) {
      if (start > 0) await clock.sleep(0);
      await contexts.put(project, environment, waiting.slice(start, start + WRITTEN_AT_ONCE), MAX_CONTEXTS);
    }
  }

  async function write(): Promise<void> {
    for (const [environment, state] of collected) {
      const { waiting } = state;
      state.waiting = new Map();
      try {
        await put(environment, [...waiting.values()]);
        if (settingsOf(environment).recent_contexts !== 'off') await look(environment, state);
      } catch (error) {
        log.warn({ err: error, environment, contexts: waiting.size }, 'Recent contexts were not written and are lost');
      }
    }
    await forget();
  }

  async function forget(): Promise<void> {
    if (clock.now() - forgotten_ms < FORGET_MS) return;
    forgotten_ms = clock.now();
    try {
      await contexts.forget(project, Math.floor(forgotten_ms) - CONTEXTS_KEPT_MS);
    } catch (error) {
      log.warn({ err: error }, 'Old contexts were not forgotten; they will be in an hour');
    }
  }

  function clear(environment: string): Promise<number> {
    collected.delete(environment);
    return inTurn(() => contexts.clear(project, environment));
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(COLLECT_MS, stopping.signal);
      await inTurn(write);
    }
  }

  return {
    async terms(environment) {
      const { recent_contexts, private_attributes } = settingsOf(environment);
      if (recent_contexts === 'off') return undefined;
      const state = stateOf(environment);
      const salt = state.salt ?? (await inTurn(() => look(environment, state)));
      const { upto } = state;
      return { recent_contexts, private_attributes, salt, ...(upto === undefined ? {} : { upto }) };
    },
    offer(environment, offered) {
      const { waiting } = stateOf(environment);
      for (const context of offered) {
        if (waiting.size < MAX_CONTEXTS || waiting.has(context.key)) waiting.set(context.key, context);
      }
    },
    clear,
    remove(environment, key) {
      collected.get(environment)?.waiting.delete(key);
      return inTurn(() => contexts.remove(project, environment, key));
    },
    flush: () => inTurn(write),
    async settled(environment) {
      // Also after a crash that came between a change and what it made obsolete: the repeated change mends it.
      if (settingsOf(environment).recent_contexts === 'off') await clear(environment);
      else await turn;
    },
    apply(entry) {
      if (entry.noun !== 'environments') return;
      const [before, after] = [beforeEntry('environments', entry), afterEntry('environments', entry)];
      if (before === undefined || after === undefined || !settingsDiffer(before, after)) return;
      clear(entry.key).catch((error: unknown) => notCleared(log, after, error));
    },
    start() {
      running = run();
    },
    async stop() {
      stopping.stop();
      await running;
      await inTurn(write);
    },
  };
}

function notCleared(log: Log, { key }: Environment, error: unknown): void {
  log.error({ err: error, environment: key }, 'Contexts from before the change of settings were not deleted');
}
