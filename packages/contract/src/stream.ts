import type { Snapshot, SnapshotDelta } from '@spillway/evaluator';

/**
 * The SDK stream (`GET /api/v1/sdk/stream`, server-sent events). The event id is the configuration number; a client that
 * reconnects with `Last-Event-ID` gets the deltas since then, or one snapshot when they are no longer at hand.
 * A comment line is sent every `HEARTBEAT_MS` so that both ends notice a dead connection.
 */
export type StreamEvent =
  | { readonly event: 'snapshot'; readonly id: number; readonly data: Snapshot }
  | { readonly event: 'delta'; readonly id: number; readonly data: SnapshotDelta };

export const HEARTBEAT_MS = 15_000;
