import { isFinal, type LogEntry } from '@spillway/core';
import { createConverger } from '../convergence/converger.ts';
import { bodyOf } from '../documents/document.ts';
import { allDocuments } from '../documents/list.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import { createStopSignal, type StopSignal } from '../feed/stop-signal.ts';
import { type DriveDeps, drive, leaseName, newDriveMemory } from './drive.ts';

/** How often all rollouts are listed, in case a change was missed or another replica is gone. */
const LIST_INTERVAL_MS = 5_000;
/** A rollout that another replica holds is tried again at least this often. */
const TAKEN_RETRY_MS = 1_000;
const BACK_OFF_FIRST_MS = 200;
const BACK_OFF_LONGEST_MS = 10_000;

export interface ReconcilerDeps extends DriveDeps {
  readonly follower: LogFollower;
}

export interface Reconciler {
  start(): Promise<void>;
  /** What was under way is finished or left to be resumed. */
  stop(): Promise<void>;
}

interface Runner {
  /** Ends the runner's pause, or the next one when it is not pausing. */
  wake(): void;
  readonly ended: Promise<void>;
}

/**
 * Drives every rollout that has not ended, each in a loop of its own, and keeps all other services as they should be. Wakes on
 * changes of the log and on time. Nothing that goes wrong in one loop reaches another, and no error ends one.
 */
export function createReconciler(deps: ReconcilerDeps): Reconciler {
  const stopping = createStopSignal();
  const runners = new Map<string, Runner>();
  const converger = createConverger(deps);
  let listing: Promise<void> = Promise.resolve();
  let subscription: { close(): void } | undefined;

  function ensure(key: string): Runner {
    const known = runners.get(key);
    if (known !== undefined) return known;
    const runner = startRunner(deps, key, stopping, () => runners.delete(key));
    runners.set(key, runner);
    return runner;
  }

  function hear(entry: LogEntry): void {
    if (stopping.signal.aborted) return;
    if (entry.noun === 'switches') for (const runner of runners.values()) runner.wake();
    if (entry.noun !== 'rollouts' || entry.after === null || isFinal(bodyOf('rollouts', entry.after))) return;
    ensure(entry.key).wake();
  }

  async function list(): Promise<void> {
    for await (const { document } of allDocuments(deps, 'rollouts')) if (!isFinal(document)) ensure(document.key);
  }

  async function keepListing(): Promise<void> {
    while (!stopping.signal.aborted) {
      await list().catch((error: unknown) =>
        deps.log.warn({ err: error }, 'Rollouts could not be listed; trying again'),
      );
      await deps.clock.sleep(LIST_INTERVAL_MS, stopping.signal);
    }
  }

  return {
    async start() {
      subscription = deps.follower.add(hear);
      listing = keepListing();
      converger.start();
    },
    async stop() {
      stopping.stop();
      subscription?.close();
      for (const runner of runners.values()) runner.wake();
      await Promise.all([listing, converger.stop(), ...[...runners.values()].map((runner) => runner.ended)]);
    },
  };
}

function startRunner(deps: ReconcilerDeps, key: string, stopping: StopSignal, onEnd: () => void): Runner {
  const memory = newDriveMemory();
  let woken = false;
  let pause: StopSignal | undefined;
  let errorsInARow = 0;
  let isFresh = true;

  async function rest(ms: number): Promise<void> {
    pause = createStopSignal();
    if (!woken && ms > 0) await deps.clock.sleep(ms, pause.signal);
    woken = false;
  }

  /** How long to rest; undefined: there is nothing left to drive. */
  async function pass(): Promise<number | undefined> {
    try {
      if (isFresh) {
        // What is held under this name is a predecessor's: given back, so that a write of its that still comes is refused.
        await deps.store.releaseLease(leaseName(deps.project, key), deps.holder);
        isFresh = false;
      }
      const result = await drive(deps, key, memory);
      errorsInARow = 0;
      if (result.is === 'gone' || result.is === 'ended') return undefined;
      return result.is === 'taken' ? Math.min(TAKEN_RETRY_MS, result.again_in_ms) : result.again_in_ms;
    } catch (error) {
      errorsInARow += 1;
      deps.log.error({ err: error, rollout: key }, 'A rollout could not be driven; trying again');
      return Math.min(BACK_OFF_LONGEST_MS, BACK_OFF_FIRST_MS * 2 ** Math.min(errorsInARow - 1, 10));
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const restMs = await pass();
      if (restMs === undefined && !woken) break;
      await rest(restMs ?? 0);
    }
    onEnd();
    // Another replica need not wait for the lease to run out.
    if (stopping.signal.aborted)
      await deps.store.releaseLease(leaseName(deps.project, key), deps.holder).catch(() => {});
  }

  return {
    wake() {
      woken = true;
      pause?.stop();
    },
    ended: run(),
  };
}
