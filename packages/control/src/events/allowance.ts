import type { Clock } from '../ports/index.ts';

/** Events that are taken in from one kind of sender in one environment, on average and at once. */
export const EVENTS_PER_SECOND = 2_000;
export const MOST_AT_ONCE = 20_000;

export interface Allowance {
  /** Whether so many may come in now; if so they are counted. */
  take(events: number): boolean;
}

/** A bucket of tokens that fills steadily. */
export function createAllowance(clock: Pick<Clock, 'monotonic'>): Allowance {
  let left = MOST_AT_ONCE;
  let filled_ms = clock.monotonic();
  return {
    take(events) {
      const now = clock.monotonic();
      left = Math.min(MOST_AT_ONCE, left + ((now - filled_ms) / 1_000) * EVENTS_PER_SECOND);
      filled_ms = now;
      if (events > left) return false;
      left -= events;
      return true;
    },
  };
}
