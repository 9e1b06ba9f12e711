import type { LogEntry, Segment } from '@spillway/core';
import type { Versioned } from '../call.ts';
import { afterEntry } from '../documents/document.ts';
import { allDocuments } from '../documents/list.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import type { Clock, Store } from '../ports/index.ts';

/** The segments there are, kept in memory and current from the log. */
export interface SegmentDirectory {
  /** By key; always the same map, so that it can be handed on once. */
  readonly segments: ReadonlyMap<string, Versioned<Segment>>;
  /** Their keys; always the same set. */
  readonly keys: ReadonlySet<string>;
  /** Looks into the log once more before saying that one of these does not exist: another replica may have just made it. */
  lookAgainFor(keys: Iterable<string>): Promise<void>;
  load(): Promise<void>;
  apply(entry: LogEntry): void;
}

export function createSegmentDirectory(deps: {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
  readonly follower: LogFollower;
}): SegmentDirectory {
  const segments = new Map<string, Versioned<Segment>>();
  const keys = new Set<string>();

  function put(key: string, segment: Versioned<Segment> | undefined): void {
    if (segment === undefined) {
      segments.delete(key);
      keys.delete(key);
      return;
    }
    segments.set(key, segment);
    keys.add(key);
  }

  return {
    segments,
    keys,
    async lookAgainFor(wanted) {
      for (const key of wanted) {
        if (!keys.has(key)) return deps.follower.catchUp();
      }
    },
    async load() {
      for await (const { key, document } of allDocuments(deps, 'segments')) put(key, document);
    },
    apply(entry) {
      if (entry.noun === 'segments') put(entry.key, afterEntry('segments', entry));
    },
  };
}
