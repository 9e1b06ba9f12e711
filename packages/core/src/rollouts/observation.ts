import type { VersionSpec } from '../services/service.ts';

/** What was seen of the world just before a decision. `unknown` is an answer, never an exception. */
export interface Observation {
  readonly services: Readonly<Record<string, ServiceObservation>>;
  /** Outcomes of effects performed since the last decision, by effect id. */
  readonly effects: Readonly<Record<string, EffectOutcome>>;
  /** Keys of active kill switches that cover a service of this rollout. */
  readonly active_switches: readonly string[];
}

export interface ServiceObservation {
  /** The version that was live when the service was read. */
  readonly live?: string;
  /** How to run each version the service knows: a version to go back to may have to be started again. */
  readonly versions: Readonly<Record<string, VersionSpec>>;
  readonly instances: Readonly<Record<string, InstanceCounts>> | 'unknown';
  /** Shares out of 100,000 per version that the router says it applies. */
  readonly shares: Readonly<Record<string, number>> | 'unknown';
  readonly metrics: MetricReading | 'unknown';
}

export interface InstanceCounts {
  readonly desired: number;
  readonly healthy: number;
  /** Seen to fail its health checks or to have crashed; an instance that is still starting is neither. */
  readonly failing: number;
  /** Why one that is not healthy is not, in words for a person; absent when all are, or nothing is known. */
  readonly problem?: string;
  /** Of one core, averaged over the instances; absent when not measured. */
  readonly cpu_usage?: number;
  /** Of the machine's memory or the instance's limit; absent when not measured. */
  readonly memory_usage?: number;
}

/** Cumulative counters since `epoch` began; a new epoch (the source restarted) starts from zero. */
export interface MetricReading {
  readonly epoch: string;
  readonly at_ms: number;
  readonly versions: Readonly<Record<string, VersionCounters>>;
}

export interface VersionCounters {
  readonly requests: number;
  /** Answers with a 5xx status, plus requests the version could not answer at all. */
  readonly errors: number;
  /** Sparse latency histogram: bucket index (see `statistics/histogram`) to count. */
  readonly latency: Readonly<Record<string, number>>;
  readonly in_flight: number;
}

export type EffectOutcome = { readonly is: 'done' } | { readonly is: 'failed'; readonly message: string };
