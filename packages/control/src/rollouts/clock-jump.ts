import type { Clock } from '../ports/index.ts';

/** Both readings of one moment. */
export interface ClockReading {
  readonly wall: number;
  readonly monotonic: number;
}

/** Of wall time against monotonic time between two looks: what is less is a clock that is steered, not one that was set. */
const STEERED_MS = 2_000;

export function readClock(clock: Pick<Clock, 'now' | 'monotonic'>): ClockReading {
  return { wall: clock.now(), monotonic: clock.monotonic() };
}

/** By how much the clock was set between the two, in milliseconds, or the machine slept; below 0: back. 0 when it ran as it should. */
export function jumpBetween(before: ClockReading | undefined, after: ClockReading): number {
  if (before === undefined) return 0;
  const jump = after.wall - before.wall - (after.monotonic - before.monotonic);
  return Math.abs(jump) < STEERED_MS ? 0 : Math.round(jump);
}
