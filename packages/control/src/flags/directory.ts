import type { Flag, LogEntry } from '@spillway/core';
import type { Versioned } from '../call.ts';
import { afterEntry } from '../documents/document.ts';
import { allDocuments } from '../documents/list.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import type { Clock, Store } from '../ports/index.ts';

/** The flags there are, kept in memory and current from the log. */
export interface FlagDirectory {
  /** By key; always the same map, so that it can be handed on once. */
  readonly flags: ReadonlyMap<string, Versioned<Flag>>;
  /** In the order of their keys; a list of its own. */
  inOrder(): Versioned<Flag>[];
  /** The number of the entry that made the flag what it is. */
  changedAt(key: string): number;
  /** Looks into the log once more before saying that one of these does not exist: another replica may have just made it. */
  lookAgainFor(keys: Iterable<string>): Promise<void>;
  load(): Promise<void>;
  apply(entry: LogEntry): void;
}

export function createFlagDirectory(deps: {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
  readonly follower: LogFollower;
}): FlagDirectory {
  const flags = new Map<string, Versioned<Flag>>();
  const changed = new Map<string, number>();
  /** Made again after a flag has come or gone. */
  let order: readonly string[] | undefined;

  function put(key: string, flag: Versioned<Flag> | undefined, seq: number): void {
    if (flag === undefined) {
      order = undefined;
      flags.delete(key);
      changed.delete(key);
      return;
    }
    if (!flags.has(key)) order = undefined;
    flags.set(key, flag);
    changed.set(key, seq);
  }

  return {
    flags,
    inOrder() {
      order ??= [...flags.keys()].sort();
      return order.flatMap((key) => flags.get(key) ?? []);
    },
    changedAt: (key) => changed.get(key) ?? 0,
    async lookAgainFor(wanted) {
      for (const key of wanted) {
        if (!flags.has(key)) return deps.follower.catchUp();
      }
    },
    async load() {
      for await (const { key, document, seq } of allDocuments(deps, 'flags')) put(key, document, seq);
    },
    apply(entry) {
      if (entry.noun === 'flags') put(entry.key, afterEntry('flags', entry), entry.seq);
    },
  };
}
