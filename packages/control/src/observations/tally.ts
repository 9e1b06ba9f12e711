import { createStopSignal } from '../feed/stop-signal.ts';
import type { Clock, HourCount, Log, Store } from '../ports/index.ts';
import { type Configurations, spanning } from './configurations.ts';
import type { UserTally, VariantUsers } from './user-tally.ts';

export const HOUR_MS = 3_600_000;
export const FLUSH_MS = 10_000;
/** Different answers that wait to be written; what comes beyond them is turned away. */
export const MAX_TALLIED = 20_000;
/** Old enough to say that a flag has done one and the same thing for a month. */
export const KEPT_MS = 35 * 24 * HOUR_MS;

export interface Answered {
  readonly flag: string;
  readonly variant: string | null;
  readonly reason: string;
  readonly count: number;
  /** Which configurations the answers came from, where that is known. */
  readonly configurations?: Configurations;
  /** Who got it, where that is known; nothing of it is kept but what a sketch remembers. */
  readonly user?: string;
}

/** Counts answers in memory and writes them in batches, so that nobody who asks waits for the store. */
export interface Tally {
  /** Room for so many different answers more. */
  readonly room: number;
  record(environment: string, answered: Answered, at_ms: number): void;
  /** Writes what waits. */
  flush(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

interface Counter {
  evaluations: number;
  last_ms: number;
  configurations: Configurations | undefined;
  readonly users: VariantUsers | undefined;
  readonly of: Pick<HourCount, 'environment' | 'flag' | 'variant' | 'reason' | 'hour_ms'>;
}

export interface TallyDeps {
  readonly store: Store;
  readonly project: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly users: UserTally;
}

export function createTally({ store, project, clock, log, users }: TallyDeps): Tally {
  const stopping = createStopSignal();
  let counters = new Map<string, Counter>();
  let writing: Promise<void> = Promise.resolve();
  let running: Promise<void> | undefined;
  let forgotten_ms = 0;

  async function write(): Promise<void> {
    const waiting = counters;
    counters = new Map();
    const met = users.take();
    const counts = [...waiting.values()].map(hourCountOf);
    try {
      if (counts.length > 0) await store.observations.add(project, counts);
    } catch (error) {
      log.warn({ err: error, counts: counts.length }, 'Evaluation counts were not written and are lost');
    }
    await users.put(met);
  }

  async function forget(): Promise<void> {
    if (clock.now() - forgotten_ms < HOUR_MS) return;
    forgotten_ms = clock.now();
    try {
      await store.observations.forget(project, Math.floor(forgotten_ms) - KEPT_MS);
      await users.forget();
    } catch (error) {
      log.warn({ err: error }, 'Old evaluation counts were not forgotten; they will be in an hour');
    }
  }

  function flush(): Promise<void> {
    writing = writing.then(write);
    return writing;
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(FLUSH_MS, stopping.signal);
      await flush();
      await forget();
    }
  }

  return {
    get room() {
      return MAX_TALLIED - counters.size;
    },
    record(environment, { flag, variant, reason, count, configurations, user }, at_ms) {
      const hour_ms = Math.floor(at_ms / HOUR_MS) * HOUR_MS;
      const id = `${environment}\0${flag}\0${variant ?? ''}\0${reason}\0${hour_ms}`;
      const last_ms = Math.floor(at_ms);
      let counter = counters.get(id);
      if (counter === undefined) {
        if (counters.size >= MAX_TALLIED) return;
        const met = reason === 'ERROR' ? undefined : users.of(environment, { flag, variant }, at_ms);
        const of = { environment, flag, variant, reason, hour_ms };
        counter = { evaluations: 0, last_ms, configurations, users: met, of };
        counters.set(id, counter);
      }
      counter.evaluations += count;
      counter.last_ms = Math.max(counter.last_ms, last_ms);
      counter.configurations = spanning(counter.configurations, configurations);
      if (user !== undefined) counter.users?.meet(user);
    },
    flush,
    start() {
      running = run();
    },
    async stop() {
      stopping.stop();
      await running;
      await flush();
    },
  };
}

function hourCountOf({ of, evaluations, last_ms, configurations }: Counter): HourCount {
  const { first = null, last = null } = configurations ?? {};
  return { ...of, evaluations, last_ms, first_configuration: first, last_configuration: last };
}
