import type { LogEntry } from '@spillway/core';
import { type Configuration, compile } from '@spillway/evaluator';
import type { SerialisedSnapshot, SnapshotEvent, Subscription } from '../control.ts';
import type { Log, Sha256 } from '../ports/index.ts';
import { createDeltaRing } from './delta-ring.ts';
import { applyToFold, type Configured, type Fold, toSnapshot } from './fold.ts';
import { serialiseDelta, serialiseFold } from './serialise.ts';

const ETAG_DIGITS = 32;

/** One environment's snapshot, kept current, with those who follow it. */
export interface EnvironmentFeed {
  readonly number: number;
  /** The documents are up to the entry already. */
  apply(entry: LogEntry, documents: Configured): void;
  /** Made once per number, when first asked for. */
  serialised(): SerialisedSnapshot;
  /** Compiled once per number, when first asked for. */
  configuration(): Configuration;
  subscribe(since: number | undefined, listener: (event: SnapshotEvent) => void): Subscription;
}

export function createEnvironmentFeed(fold: Fold, sha256: Sha256, log: Log): EnvironmentFeed {
  const ring = createDeltaRing();
  const listeners = new Set<{ readonly hear: (event: SnapshotEvent) => void }>();
  let snapshot = toSnapshot(fold);
  let serialised: SerialisedSnapshot | undefined;
  /** One object for all who come, so that what is made from it is made once, however many come at the same time. */
  let whole: SnapshotEvent | undefined;
  let configuration: Configuration | undefined;

  function current(): typeof snapshot {
    if (snapshot.number !== fold.number) snapshot = toSnapshot(fold);
    return snapshot;
  }

  function serialise(): SerialisedSnapshot {
    if (serialised?.snapshot.number !== fold.number) {
      const text = serialiseFold(fold);
      const etag = `"${fold.number}-${sha256(text).slice(0, ETAG_DIGITS)}"`;
      serialised = { snapshot: current(), text, etag };
    }
    return serialised;
  }

  function tell(listener: { readonly hear: (event: SnapshotEvent) => void }, event: SnapshotEvent): void {
    try {
      listener.hear(event);
    } catch (error) {
      log.error({ err: error, environment: fold.environment, number: event.id }, 'A listener to snapshots failed');
    }
  }

  function missed(since: number | undefined): readonly SnapshotEvent[] {
    if (since === fold.number) return [];
    const deltas = since === undefined ? undefined : ring.since(since);
    if (deltas !== undefined) return deltas;
    if (whole?.id !== fold.number) {
      const { snapshot: data, text } = serialise();
      whole = { event: 'snapshot', id: fold.number, data, text };
    }
    return [whole];
  }

  return {
    get number() {
      return fold.number;
    },
    apply(entry, documents) {
      const delta = applyToFold(fold, entry, documents);
      if (delta === undefined) return;
      const event = { event: 'delta', id: delta.number, data: delta, text: serialiseDelta(delta) } as const;
      ring.push(event);
      for (const listener of listeners) tell(listener, event);
    },
    serialised: serialise,
    configuration() {
      if (configuration?.number !== fold.number) configuration = compile(current(), configuration);
      return configuration;
    },
    subscribe(since, listener) {
      const entry = { hear: listener };
      for (const event of missed(since)) tell(entry, event);
      listeners.add(entry);
      return { close: () => void listeners.delete(entry) };
    },
  };
}
