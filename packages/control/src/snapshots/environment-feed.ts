import type { LogEntry } from '@spillway/core';
import { type Configuration, compile, type Snapshot } from '@spillway/evaluator';
import type { Log, Sha256 } from '../ports/index.ts';
import { createFollowers, type SnapshotFeed } from './feed.ts';
import { applyToFold, type Configured, type Fold, toSnapshot } from './fold.ts';
import { etagOf, type SnapshotWriter } from './serialise.ts';
import type { SerialisedSnapshot } from './use-cases.ts';

/** A snapshot that follows the log. */
export interface EnvironmentFeed extends SnapshotFeed {
  /** The documents are up to the entry already. */
  apply(entry: LogEntry, documents: Configured): void;
}

export interface EnvironmentFeedDeps {
  readonly sha256: Sha256;
  readonly log: Log;
  readonly write: SnapshotWriter;
  /** Without it snapshots have no signature. */
  readonly sign?: (snapshot: Snapshot) => string;
}

export function createEnvironmentFeed(fold: Fold, { sha256, log, write, sign }: EnvironmentFeedDeps): EnvironmentFeed {
  let snapshot: Snapshot | undefined;
  let serialised: SerialisedSnapshot | undefined;
  let configuration: Configuration | undefined;

  function current(): Snapshot {
    if (snapshot?.number !== fold.number) {
      const unsigned = toSnapshot(fold);
      snapshot = sign === undefined ? unsigned : { ...unsigned, signature: sign(unsigned) };
    }
    return snapshot;
  }

  function serialise(): SerialisedSnapshot {
    if (serialised?.snapshot.number !== fold.number) {
      const whole = current();
      const text = write.fold(fold, whole.signature);
      serialised = { snapshot: whole, text, etag: etagOf(fold.number, text, sha256) };
    }
    return serialised;
  }

  const followers = createFollowers(
    {
      environment: fold.environment,
      get number() {
        return fold.number;
      },
      serialised: serialise,
    },
    log,
  );

  return {
    get number() {
      return fold.number;
    },
    apply(entry, documents) {
      const change = applyToFold(fold, entry, documents);
      if (change === undefined) return;
      const signature = sign === undefined ? undefined : current().signature;
      const delta = signature === undefined ? change : { ...change, signature };
      followers.change({ event: 'delta', id: delta.number, data: delta, text: write.delta(delta) });
    },
    serialised: serialise,
    configuration() {
      if (configuration?.number !== fold.number) configuration = compile(current(), configuration);
      return configuration;
    },
    subscribe: followers.subscribe,
  };
}
