import type { Clock } from '../ports/index.ts';

/** How long one task may work before others get their turn. */
export const LONGEST_TURN_MS = 10;

/** Does the work for each item, letting others in between as soon as it takes long. */
export async function takeTurns<T>(clock: Clock, items: Iterable<T>, work: (item: T) => void): Promise<void> {
  let pause = clock.monotonic() + LONGEST_TURN_MS;
  for (const item of items) {
    if (clock.monotonic() > pause) {
      await clock.sleep(0);
      pause = clock.monotonic() + LONGEST_TURN_MS;
    }
    work(item);
  }
}
