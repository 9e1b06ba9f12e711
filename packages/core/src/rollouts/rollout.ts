import type { SequentialEvidence } from '@spillway/statistics';
import type { Effect } from './effect.ts';
import type { MetricReading } from './observation.ts';
import type { RolloutPlan } from './plan.ts';

/** One release under way or finished: the plan, where it stands, and what is still to be done. */
export interface Rollout {
  readonly key: string;
  readonly plan: RolloutPlan;
  /** Grows each time the plan is applied anew under the same key. */
  readonly generation: number;
  readonly status: RolloutStatus;
  readonly stages: readonly StageState[];
  /** Recorded and not yet known to be done, in the order they must be performed. */
  readonly pending: readonly Effect[];
  /** A person's or a switch's hold; the rollout keeps its exposure and still may roll back. */
  readonly hold?: Hold;
  /** Set once, when the rollout turns back for good: no stage raises exposure from then on. */
  readonly failure?: Failure;
  readonly started_at_ms: number;
  readonly ended_at_ms?: number;
  /** Why it ended as it did, in one sentence. */
  readonly conclusion?: string;
}

export type RolloutStatus = 'progressing' | 'paused' | 'rolling_back' | 'succeeded' | 'rolled_back' | 'failed';

/** `person` and `switch` hold everything; `approval` and `no_data` say that a stage waits for a person. */
export interface Hold {
  readonly by: 'person' | 'switch' | 'approval' | 'no_data';
  readonly reason: string;
  readonly since_ms: number;
  /** The stage that waits, for `approval` and `no_data`. */
  readonly stage?: string;
}

export interface Failure {
  /** In one sentence. */
  readonly cause: string;
  readonly at_ms: number;
  /** The stage that failed; absent when a person aborted. */
  readonly stage?: string;
}

export interface StageState {
  readonly key: string;
  /** The version to go back to; taken from the service when the stage starts. Absent: the service had none. */
  readonly baseline?: string;
  /** The stage asked for the end of the baseline: it must be run again before traffic goes back to it. */
  readonly baseline_stopped?: boolean;
  readonly phase: StagePhase;
  /** What the router was told last; absent until the stage first moves traffic. */
  readonly traffic?: StageTraffic;
  /** When a version was last asked to run. */
  readonly ran_at_ms?: number;
  /** How many effects this stage has asked for: numbers the next one's id. */
  readonly effects: number;
  /** Sequential evidence and violation counts gathered so far in this stage. */
  readonly evidence?: Evidence;
}

export interface StageTraffic {
  /** Shares out of 100,000 per version. */
  readonly shares: Readonly<Record<string, number>>;
  readonly sent_at_ms: number;
  /** When the router said that it applies them; absent until then. */
  readonly confirmed_at_ms?: number;
  /** How often someone else changed the shares and they were set again. */
  readonly repairs: number;
}

export type StagePhase =
  | { readonly is: 'waiting' } // for the stages it depends on
  | { readonly is: 'preparing'; readonly since_ms: number } // new version starting, no traffic yet
  | Baking
  | { readonly is: 'completing'; readonly since_ms: number; readonly stopping_since_ms?: number } // all traffic there; old version draining
  | { readonly is: 'succeeded'; readonly at_ms: number }
  | Returning
  | { readonly is: 'rolled_back'; readonly at_ms: number; readonly cause: string }
  | { readonly is: 'skipped'; readonly at_ms: number };

export interface Baking {
  readonly is: 'baking';
  readonly step: number;
  readonly since_ms: number;
  /** The step's shares were first seen at the router: bake time counts from here. */
  readonly confirmed_at_ms?: number;
  readonly next_check_at_ms: number;
  /** Where the check interval under way began; absent while no metrics could be read. */
  readonly reading?: MetricReading;
  /** Checks of this step that were decided and good. */
  readonly passes: number;
  readonly last_verdict?: Verdict;
  /** A person said `promote`: the step's wait is over; `fully`: all steps' waits are. */
  readonly promoted?: 'step' | 'fully';
  /** The bake time is over and something is missing. */
  readonly awaiting?: Awaiting;
  /** A person said `resume`: patience with missing evidence counts from here. */
  readonly patience_from_ms?: number;
}

export interface Awaiting {
  readonly what: 'approval' | 'evidence' | 'instances';
  readonly since_ms: number;
}

/** Traffic goes back first, then the new version is stopped. */
export interface Returning {
  readonly is: 'returning';
  readonly since_ms: number;
  readonly cause: string;
  readonly stopping_since_ms?: number;
}

export interface Evidence {
  readonly checks: number;
  readonly violations_in_a_row: number;
  readonly canary: { readonly requests: number; readonly errors: number };
  readonly baseline: { readonly requests: number; readonly errors: number };
  /** Of the comparison with the baseline, when the plan asks for one. */
  readonly sequential?: SequentialEvidence;
}

export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'no_data' | 'error';

/** The sentence and the numbers behind one decision; stored with the log entry. */
export interface Because {
  readonly decision: string;
  readonly summary: string;
  readonly stage?: string;
  readonly step?: number;
  readonly verdict?: Verdict;
  /** Each criterion looked at: what was seen, what the bound was, whether it was broken. */
  readonly findings?: readonly Finding[];
}

export interface Finding {
  readonly criterion: string;
  readonly observed: number | null;
  readonly bound: number | null;
  readonly baseline?: number | null;
  readonly verdict: Verdict;
  readonly requests: number;
}
