import type { Snapshot } from '@spillway/evaluator';
import type { Platform } from './platform.ts';
import { reasonOf } from './stream.ts';

/** Changes come in bursts; the disk hears of the last one. */
const WRITE_AFTER_MS = 100;

export interface Keeper {
  readonly keep: (snapshot: Snapshot) => void;
  /** Writes what still waits; never rejects. */
  readonly flush: () => Promise<void>;
}

/** Writes the newest configuration to the platform's storage, one write at a time. */
export function createKeeper(platform: Platform): Keeper {
  let waiting: Snapshot | undefined;
  let cancel: (() => void) | undefined;
  let writing: Promise<void> = Promise.resolve();
  const write = () => {
    const snapshot = waiting;
    waiting = undefined;
    cancel?.();
    cancel = undefined;
    if (snapshot === undefined) return writing;
    writing = writing
      .then(() => platform.storage?.write(JSON.stringify(snapshot)))
      .catch((error: unknown) => platform.log('warn', `the configuration was not cached: ${reasonOf(error)}`));
    return writing;
  };
  return {
    keep: (snapshot) => {
      if (platform.storage === undefined) return;
      waiting = snapshot;
      cancel ??= platform.after(WRITE_AFTER_MS, write);
    },
    flush: write,
  };
}
