import type { Snapshot, SnapshotDelta } from '@spillway/evaluator';
import { z } from 'zod';
import { context } from './evaluation/schemas.ts';

/**
 * The SDK stream (`GET /api/v1/sdk/stream`, server-sent events). The event id is the configuration number; a client that
 * reconnects with `Last-Event-ID` gets the deltas since then, or one snapshot when they are no longer at hand, and then
 * `current`, which says that it has missed nothing more.
 * A comment line is sent every `HEARTBEAT_MS` so that both ends notice a dead connection.
 */
export type StreamEvent =
  | { readonly event: 'snapshot'; readonly id: number; readonly data: Snapshot }
  | { readonly event: 'delta'; readonly id: number; readonly data: SnapshotDelta }
  | { readonly event: 'current'; readonly id: number; readonly data: { readonly number: number } };

/**
 * What a WebSocket at `/ws` says first, and only once. An SDK key gets what the SDK stream carries, a client key what the stream
 * for its `context` carries; each event is one message, `{ "id", "event", "data" }`. A refusal is the event `problem`, and the
 * connection then closes with 4000 plus its status, or 1013 when another try may help.
 */
export const socketHello = z.strictObject({
  /** Unless `Authorization` was sent, which browsers cannot. */
  token: z.string().max(512).exactOptional(),
  /** Of an SDK's stream: the event after which it goes on. */
  last_event_id: z.int().min(0).exactOptional(),
  context: context.exactOptional(),
});

export type SocketHello = z.output<typeof socketHello>;

export const HEARTBEAT_MS = 15_000;
