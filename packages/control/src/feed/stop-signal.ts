import type { AbortSignalLike } from '../ports/index.ts';

/** What `AbortController` is elsewhere; this ring has no platform types. */
export interface StopSignal {
  readonly signal: AbortSignalLike;
  stop(): void;
}

export function createStopSignal(): StopSignal {
  const listeners = new Set<() => void>();
  let aborted = false;
  return {
    signal: {
      get aborted() {
        return aborted;
      },
      addEventListener(_type, listener) {
        listeners.add(listener);
      },
      removeEventListener(_type, listener) {
        listeners.delete(listener);
      },
    },
    stop() {
      if (aborted) return;
      aborted = true;
      for (const listener of listeners) listener();
      listeners.clear();
    },
  };
}
