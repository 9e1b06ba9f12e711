import { allDocuments } from '../documents/list.ts';
import { createStopSignal } from '../feed/stop-signal.ts';
import { servicesUnderWay } from '../rollouts/coverage.ts';
import type { PerformDeps } from '../rollouts/perform.ts';
import { serviceId } from '../services/service-id.ts';
import { converge } from './converge.ts';

/** How often every service is compared with what it should be. */
export const CONVERGE_INTERVAL_MS = 1_000;
const BACK_OFF_LONGEST_MS = 30_000;

export interface Converger {
  start(): void;
  stop(): Promise<void>;
}

/** Keeps every service that no rollout is moving as its document says. Each service by itself: one that fails waits longer alone. */
export function createConverger(deps: PerformDeps): Converger {
  const stopping = createStopSignal();
  const underWay = new Map<string, Promise<void>>();
  const failures = new Map<string, { count: number; retryAtMs: number }>();
  let running: Promise<void> = Promise.resolve();

  function failed(id: string, error: unknown): void {
    const count = (failures.get(id)?.count ?? 0) + 1;
    const pauseMs = Math.min(BACK_OFF_LONGEST_MS, CONVERGE_INTERVAL_MS * 2 ** Math.min(count - 1, 10));
    failures.set(id, { count, retryAtMs: deps.clock.monotonic() + pauseMs });
    deps.log.warn({ err: error, service: id }, 'A service could not be compared with what it should be');
  }

  async function look(): Promise<void> {
    const moving = new Set<string>();
    for await (const { document } of allDocuments(deps, 'rollouts')) {
      for (const id of servicesUnderWay(document)) moving.add(id);
    }
    for await (const { document } of allDocuments(deps, 'services')) {
      const id = serviceId(document.environment, document.key);
      const waits = (failures.get(id)?.retryAtMs ?? 0) > deps.clock.monotonic();
      if (moving.has(id) || underWay.has(id) || waits) continue;
      const work = converge(deps, document)
        .then(() => void failures.delete(id))
        .catch((error: unknown) => failed(id, error))
        .finally(() => underWay.delete(id));
      underWay.set(id, work);
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await look().catch((error: unknown) =>
        deps.log.warn({ err: error }, 'Services could not be listed; trying again'),
      );
      await deps.clock.sleep(CONVERGE_INTERVAL_MS, stopping.signal);
    }
    await Promise.all(underWay.values());
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
