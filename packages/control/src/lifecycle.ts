import type { LogEntry } from '@spillway/core';
import type { ClientAccesses } from './access/client-access.ts';
import type { Control } from './control.ts';
import { ensureDefaultEnvironments } from './environments/environments.ts';
import type { LogFollower } from './feed/log-follower.ts';
import type { Clock, Store } from './ports/index.ts';
import type { Snapshots } from './snapshots/snapshots.ts';

/** Documents in memory, as of a position in the log and then as the log goes on. */
interface Directory {
  load(): Promise<void>;
}

interface Loop {
  start(): void | Promise<void>;
  stop(): Promise<void>;
}

export interface LifecycleDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
  readonly follower: LogFollower;
  readonly directories: readonly Directory[];
  readonly clientAccesses: Pick<ClientAccesses, 'load'>;
  readonly snapshots: Pick<Snapshots, 'load' | 'apply' | 'prepare'>;
  /** Told of each entry in this order, before snapshots are made of it. */
  readonly listeners: readonly { apply(entry: LogEntry): void }[];
  readonly loops: readonly Loop[];
  /** Told last. */
  readonly segmentsChanged: () => void;
}

/** Everything is loaded before the log is followed, and followed before a loop acts upon it; it ends the other way round. */
export function createLifecycle(deps: LifecycleDeps): Pick<Control, 'start' | 'stop'> {
  const { store, project, follower, snapshots, loops } = deps;
  return {
    async start() {
      await ensureDefaultEnvironments(deps);
      // Everything is loaded as of the head or newer; replaying what came after it brings all of it to one point.
      const { seq } = await store.head(project);
      await Promise.all([...deps.directories.map((directory) => directory.load()), snapshots.load(seq)]);
      deps.clientAccesses.load(seq);
      for (const listener of deps.listeners) follower.add(listener.apply);
      follower.add(snapshots.apply, snapshots.prepare);
      follower.add(({ noun }) => {
        if (noun === 'segments') deps.segmentsChanged();
      });
      await follower.start(seq);
      for (const loop of loops) await loop.start();
    },
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
      await follower.stop();
    },
  };
}
