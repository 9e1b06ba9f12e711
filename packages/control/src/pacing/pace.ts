import type { Steps } from '@spillway/core';
import type { Clock } from '../ports/index.ts';

/** As much of a clock as a pace is kept by. */
export type PaceClock = Pick<Clock, 'monotonic' | 'sleep'>;

/** How long one task may work before others get their turn. */
export const LONGEST_TURN_MS = 5;

/** To be awaited between the steps of a long task: lets others in as soon as it has worked for long. */
export type Pace = () => Promise<void> | undefined;

export function createPace(clock: PaceClock): Pace {
  let pause = clock.monotonic() + LONGEST_TURN_MS;
  return () => {
    if (clock.monotonic() < pause) return undefined;
    return clock.sleep(0).then(() => {
      pause = clock.monotonic() + LONGEST_TURN_MS;
    });
  };
}

/** Does the work for each item, letting others in between as soon as it takes long. */
export async function takeTurns<T>(clock: PaceClock, items: Iterable<T>, work: (item: T) => void): Promise<void> {
  const pace = createPace(clock);
  for (const item of items) {
    const pause = pace();
    if (pause !== undefined) await pause;
    work(item);
  }
}

/** Takes a long decision at this pace. */
export async function takeSteps<T>(pace: Pace, steps: Steps<T>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    const pause = pace();
    if (pause !== undefined) await pause;
  }
}
