import { createStopSignal } from '../feed/stop-signal.ts';
import type { Clock, Log, Store } from '../ports/index.ts';

export const EVENTS_KEPT_MS = 30 * 24 * 3_600_000;
export const MAX_EVENTS_KEPT = 5_000_000;
const FORGET_MS = 3_600_000;

/** Forgets events that are old or too many, every hour. */
export function createEventRetention(deps: {
  readonly store: Store;
  readonly project: string;
  readonly clock: Clock;
  readonly log: Log;
}): { start(): void; stop(): Promise<void> } {
  const { store, project, clock, log } = deps;
  const stopping = createStopSignal();
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(FORGET_MS, stopping.signal);
      try {
        const before_ms = Math.floor(clock.now()) - EVENTS_KEPT_MS;
        if (!stopping.signal.aborted) await store.events.forget(project, { before_ms, most: MAX_EVENTS_KEPT });
      } catch (error) {
        log.warn({ err: error }, 'Old events were not forgotten; they will be in an hour');
      }
    }
  }

  return {
    start() {
      running = run();
    },
    async stop() {
      stopping.stop();
      await running;
    },
  };
}
