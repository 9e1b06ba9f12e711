import { type Outcome, refuse } from '@spillway/core';
import type { LogFollower } from '../feed/log-follower.ts';
import { createStopSignal } from '../feed/stop-signal.ts';
import type { AbortSignalLike, Clock, Fence, Store } from '../ports/index.ts';
import { createTurns } from './turns.ts';

/** Whoever dies in the middle keeps others waiting for no longer; whoever lives and needs more prolongs it. */
const HELD_MS = 10_000;
const GIVE_UP_MS = 20_000;
const LOOK_AGAIN_MS = 15;

/**
 * Changes whose rightness rests on other documents: whether a requirement closes a cycle, whether what is named is there,
 * whether what goes is used. They are made one by one, also by several replicas, each with all that came before in view.
 */
export type Structure = <T>(change: (fence: Fence) => Promise<Outcome<T>>) => Promise<Outcome<T>>;

export interface StructureDeps {
  readonly store: Store;
  readonly project: string;
  readonly clock: Clock;
  /** Of the lease; one that stays the same over restarts does not wait for its own. */
  readonly holder: string;
  readonly follower: Pick<LogFollower, 'catchUp'>;
  readonly held_ms?: number;
}

export function createStructure({
  store,
  project,
  clock,
  holder,
  follower,
  held_ms = HELD_MS,
}: StructureDeps): Structure {
  const inTurn = createTurns();
  let isFresh = true;
  const name = `structure/${project}`;

  const take = () => store.acquireLease(name, holder, Math.floor(clock.now()), held_ms);

  /** Should it be lost all the same, the fence tells. */
  async function prolong(signal: AbortSignalLike): Promise<void> {
    for (;;) {
      await clock.sleep(held_ms / 3, signal);
      if (signal.aborted) return;
      await take().catch(() => undefined);
    }
  }

  async function acquire(): Promise<Fence | undefined> {
    if (isFresh) {
      // What is held under this name is a predecessor's: given back, so that a write of its that still comes is refused.
      await store.releaseLease(name, holder);
      isFresh = false;
    }
    const end = clock.monotonic() + GIVE_UP_MS;
    for (;;) {
      const lease = await take();
      if (lease.is === 'held') return { lease: name, fencing: lease.fencing };
      if (clock.monotonic() > end) return undefined;
      await clock.sleep(LOOK_AGAIN_MS);
    }
  }

  return (change) =>
    inTurn(name, async () => {
      const fence = await acquire();
      if (fence === undefined) return busy();
      const done = createStopSignal();
      const prolonging = prolong(done.signal);
      try {
        await follower.catchUp();
        return await change(fence);
      } finally {
        done.stop();
        await prolonging;
        // Not released, it runs out by itself; the change is made or refused either way.
        await store.releaseLease(name, holder).catch(() => undefined);
      }
    });
}

function busy() {
  return refuse(
    'unavailable',
    'Other changes of flags and segments have been under way for too long. Nothing was changed; try again in a moment.',
  );
}
