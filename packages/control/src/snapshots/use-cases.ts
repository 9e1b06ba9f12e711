import type { Snapshot, SnapshotDelta } from '@spillway/evaluator';
import type { Answer, Call, Subscription } from '../call.ts';

export interface SnapshotUseCases {
  current(call: Call): Answer<SerialisedSnapshot>;
  /** Calls `listener` in order, each number once: first what was missed since `since`, then every change. */
  subscribe(call: Call, since: number | undefined, listener: (event: SnapshotEvent) => void): Answer<Subscription>;
}

export interface SerialisedSnapshot {
  readonly snapshot: Snapshot;
  /** The JSON to send, made once per configuration. */
  readonly text: string;
  readonly etag: string;
}

export type SnapshotEvent =
  | { readonly event: 'snapshot'; readonly id: number; readonly data: Snapshot; readonly text: string }
  | { readonly event: 'delta'; readonly id: number; readonly data: SnapshotDelta; readonly text: string }
  /** Ends what a follower that went on from somewhere had missed. */
  | {
      readonly event: 'current';
      readonly id: number;
      readonly data: { readonly number: number };
      readonly text: string;
    };
