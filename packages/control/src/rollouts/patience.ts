import { createStopSignal } from '../feed/stop-signal.ts';
import type { Clock } from '../ports/index.ts';

/** How long a look at the world may take before it counts as unknown. */
export const OBSERVE_TIMEOUT_MS = 2_000;

/** How long one effect may take before it counts as failed; shorter than the lease, so that nobody else acts meanwhile. */
export const PERFORM_TIMEOUT_MS = 4_000;

/** What `work` answers, or an error when it takes too long. What it does after that is ignored. */
export async function within<T>(clock: Clock, ms: number, work: () => Promise<T>): Promise<T> {
  const patience = createStopSignal();
  const tooLong = clock.sleep(ms, patience.signal).then((): never => {
    throw new Error(`No answer within ${ms} ms`);
  });
  try {
    return await Promise.race([work(), tooLong]);
  } finally {
    patience.stop();
  }
}
