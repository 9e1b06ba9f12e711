import type { Clock } from '@spillway/control';
import type { SeededRandom } from './random.ts';

/** How likely each fault is, per call of a port. */
export interface FaultRates {
  /** The process is killed before the call reaches anyone, or after it took effect and before the answer. */
  readonly crash: number;
  /** The call fails, without effect or with it. */
  readonly error: number;
  /** The call takes up to twelve seconds: longer than patience, and longer than a lease. */
  readonly delay: number;
}

export const NO_FAULTS: FaultRates = { crash: 0, error: 0, delay: 0 };

const LONGEST_DELAY_MS = 12_000;

export type Faulty = <T>(act: () => Promise<T>) => Promise<T>;

/** A life of one process: after `kill` none of its calls is ever answered again, as after kill -9. */
export interface Life {
  readonly isOver: boolean;
  /** Resolves when it is over. */
  readonly over: Promise<void>;
  kill(): void;
}

export function newLife(): Life {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isOver = false;
  return {
    get isOver() {
      return isOver;
    },
    over: promise,
    kill() {
      isOver = true;
      resolve();
    },
  };
}

const never = <T>() => new Promise<T>(() => {});

/** Puts faults between a process and a port. */
export function faulty(clock: Clock, random: SeededRandom, life: Life, rates: () => FaultRates): Faulty {
  return async <T>(act: () => Promise<T>): Promise<T> => {
    for (let turns = random.between(0, 2); turns > 0; turns -= 1) await undefined;
    if (life.isOver) return never();
    const { crash, error, delay } = rates();
    if (random.chance(crash)) life.kill();
    else if (random.chance(error)) throw new Error('Simulated: the call did not arrive');
    else if (random.chance(delay)) await clock.sleep(random.between(1, LONGEST_DELAY_MS));
    if (life.isOver && !random.chance(0.5)) return never();
    // A call that was on its way when its process died may still arrive; its answer reaches nobody.
    const answer = await act();
    if (random.chance(crash)) life.kill();
    if (life.isOver) return never();
    if (random.chance(error)) throw new Error('Simulated: the answer was lost');
    return answer;
  };
}
