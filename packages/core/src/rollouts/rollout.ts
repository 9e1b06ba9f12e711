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
  readonly started_at_ms: number;
  readonly ended_at_ms?: number;
  /** Why it ended as it did, in one sentence. */
  readonly conclusion?: string;
}

export type RolloutStatus = 'progressing' | 'paused' | 'rolling_back' | 'succeeded' | 'rolled_back' | 'failed';

export interface Hold {
  readonly by: 'person' | 'switch' | 'approval' | 'no_data';
  readonly reason: string;
  readonly since_ms: number;
}

export interface StageState {
  readonly key: string;
  /** What to go back to; taken from the service when the stage starts. */
  readonly baseline?: string;
  readonly phase: StagePhase;
  /** Sequential evidence and violation counts gathered so far in this stage. */
  readonly evidence?: Evidence;
}

export type StagePhase =
  | { readonly is: 'waiting' } // for the stages it depends on
  | { readonly is: 'preparing'; readonly since_ms: number } // new version starting, no traffic yet
  | {
      readonly is: 'baking';
      readonly step: number;
      readonly since_ms: number;
      readonly next_check_at_ms: number;
      /** Where the check interval under way began; absent until the router confirms the step's shares. */
      readonly reading?: MetricReading;
      /** A person said `promote`: go on at the next decision. */
      readonly promoted?: boolean;
      readonly last_verdict?: Verdict;
    }
  | { readonly is: 'completing'; readonly since_ms: number } // all traffic there; old version draining
  | { readonly is: 'succeeded'; readonly at_ms: number }
  | { readonly is: 'returning'; readonly since_ms: number; readonly cause: string } // traffic going back, then stop
  | { readonly is: 'rolled_back'; readonly at_ms: number; readonly cause: string }
  | { readonly is: 'skipped'; readonly at_ms: number };

export interface Evidence {
  readonly checks: number;
  readonly violations_in_a_row: number;
  readonly canary: { readonly requests: number; readonly errors: number };
  readonly baseline: { readonly requests: number; readonly errors: number };
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
