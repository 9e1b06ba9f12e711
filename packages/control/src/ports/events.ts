import type { Json } from '@spillway/evaluator';

export type EventType = 'flag_evaluated' | 'user_action' | 'metric_recorded' | 'error_occurred';

/** What happened in an application. Texts that do not apply are null. */
export interface StoredEvent {
  readonly environment: string;
  /** Made by the sender, unique within the environment. */
  readonly id: string;
  readonly type: EventType;
  /** When it happened by the sender's clock, and when it was received; milliseconds since 1970. */
  readonly at_ms: number;
  readonly received_ms: number;
  readonly source: 'sdk' | 'client';
  readonly name: string | null;
  readonly flag: string | null;
  readonly variant: string | null;
  readonly user: string | null;
  /** Value, context and details as they were sent, and of an exposure the configuration if its sender named it. */
  readonly body: { readonly [name: string]: Json };
}

export interface EventFilter {
  readonly environment?: string;
  readonly type?: EventType;
  readonly flag?: string;
  readonly name?: string;
  readonly user?: string;
  /** Included. */
  readonly from_ms?: number;
  /** Excluded. */
  readonly to_ms?: number;
  /** The last event of the page before. */
  readonly before?: { readonly received_ms: number; readonly id: string };
  readonly limit: number;
}

/** How often users met one variant. */
export interface Exposures {
  readonly environment: string;
  readonly variant: string | null;
  readonly events: number;
  /** Different ones; events without a user are left out. */
  readonly users: number;
}

/** Measurements: no part of the log, but what `add` has answered survives kill -9 until it is forgotten. */
export interface Events {
  /** All of them or none. Ids that are there already are left as they are; how many were not. */
  add(project: string, events: readonly StoredEvent[]): Promise<number>;
  /** Received last first; of one moment, by id from the last on. */
  page(project: string, filter: EventFilter): Promise<readonly StoredEvent[]>;
  /** Of a flag since a moment, in the order of environment and variant. */
  exposures(project: string, flag: string, since_ms: number): Promise<readonly Exposures[]>;
  /** Forgets what was received before a moment and, beyond `most` events, the oldest. */
  forget(project: string, bounds: { readonly before_ms: number; readonly most: number }): Promise<void>;
}
