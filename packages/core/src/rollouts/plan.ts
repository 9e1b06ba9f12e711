import type { VersionSpec } from '../services/service.ts';

/** What a person asks for: named stages that form a DAG by `dependencies`. */
export interface RolloutPlan {
  readonly key: string;
  readonly description: string;
  readonly environment: string;
  readonly stages: readonly StagePlan[];
  /** When a stage fails, roll back finished stages too, last first. */
  readonly rollback_on_failure: boolean;
}

export interface StagePlan {
  readonly key: string;
  /** Stages that must have succeeded before this one starts. */
  readonly dependencies: readonly string[];
  readonly service: string;
  readonly version: VersionSpec;
  readonly strategy: CanaryStrategy;
}

export interface CanaryStrategy {
  readonly kind: 'canary';
  readonly steps: readonly CanaryStep[];
  readonly analysis: AnalysisPlan;
  /** A new version that is not healthy by then fails the stage. */
  readonly progress_deadline_ms: number;
}

export interface CanaryStep {
  /** Share of traffic for the new version, 0 < percentage <= 100, rising from step to step. */
  readonly percentage: number;
  /** Bake time: how long the step must look good before the next one. */
  readonly bake_ms: number;
  /** Wait for a person's `promote` after baking. */
  readonly approval: boolean;
}

export interface AnalysisPlan {
  readonly check_interval_ms: number;
  /** Rollback criteria, each a bound on the new version over one check interval. */
  readonly criteria: Criteria;
  /** Violated checks in a row that bring the rollback. */
  readonly rollback_threshold_violations: number;
  /** Requests on the new version below which a check says `no_data` or `inconclusive`, never `pass`. */
  readonly minimum_requests: number;
  /** Canary against baseline, valid however often one looks; absent: fixed bounds only. */
  readonly comparison?: SequentialComparison;
  /** What to do at the end of a step's bake time when no check could be decided. */
  readonly on_no_data: 'wait' | 'pause' | 'rollback';
  /** What to do when `wait` or an open verdict has lasted this long past the bake time. */
  readonly no_data_deadline_ms: number;
}

export interface Criteria {
  readonly max_response_time_ms: number;
  /** The quantile `max_response_time_ms` bounds, e.g. 0.95. */
  readonly response_time_quantile: number;
  readonly max_error_rate: number;
  readonly min_success_rate: number;
  readonly max_cpu_usage: number;
  readonly max_memory_usage: number;
}

export interface SequentialComparison {
  /** Chance of ever failing a version that is no worse, over all looks of the stage. */
  readonly false_alarm_probability: number;
  /** The new version may be this many times as bad before it counts as worse, e.g. 1.5. */
  readonly margin_ratio: number;
}
