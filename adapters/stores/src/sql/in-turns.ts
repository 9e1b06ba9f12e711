import { setImmediate } from 'node:timers/promises';
import type { Steps } from '@spillway/core';

/** Lets others in after each step; a transaction keeps its connection meanwhile. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await setImmediate();
  }
}
