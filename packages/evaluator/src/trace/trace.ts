import type { Evaluation } from '../evaluation.ts';
import type { Json } from '../json.ts';
import type { Operator, SwitchScope } from '../snapshot.ts';

/** An answer and how it came about, told by the structures that gave it. */
export interface Explanation {
  readonly evaluation: Evaluation;
  readonly trace: Trace;
}

export interface Trace {
  /** The layer that gave the answer. */
  readonly decided_by: 'error' | 'off' | 'kill_switch' | 'prerequisite' | 'target' | 'rule' | 'fallthrough';
  /** What is wrong with the flag, when that gave the answer. */
  readonly problem?: string;
  /** The active kill switches that may cover the flag, up to the one that does; absent when there are none. */
  readonly switches?: readonly SwitchTrace[];
  readonly kill_switch?: string;
  /** In order, up to the first that is not met; absent when the flag has none or they were not reached. */
  readonly prerequisites?: readonly PrerequisiteTrace[];
  /** The subject's key that an individual target lists. */
  readonly target?: string;
  /** Where that key stands in the context, when it is not the targeting key. */
  readonly target_by?: readonly string[];
  /** In order; those after the one that matched were not asked. */
  readonly rules: readonly RuleTrace[];
  /** Where the schedule stood, when the answer came out of stages or a ramp. */
  readonly schedule?: ScheduleTrace;
  /** Present when the answer, or the error, came out of a split. */
  readonly split?: SplitTrace;
}

export interface SwitchTrace {
  readonly key: string;
  readonly scope: SwitchScope;
  readonly covers: boolean;
}

export interface PrerequisiteTrace {
  readonly flag: string;
  readonly variants: readonly string[];
  readonly met: boolean;
  readonly explanation: Explanation;
}

export interface RuleTrace {
  readonly id: string;
  readonly result: 'matched' | 'not_matched' | 'not_reached';
  readonly condition?: ConditionTrace;
}

export type ConditionTrace =
  | { readonly is: 'all' | 'any' | 'not'; readonly met: boolean; readonly parts: readonly ConditionTrace[] }
  | SegmentTrace
  | FlagConditionTrace
  | {
      readonly is: 'comparison';
      readonly attribute: string;
      readonly path?: readonly string[];
      readonly operator: Operator;
      readonly expected: readonly Json[];
      readonly ignore_case?: boolean;
      /** Absent when the context does not have the attribute, or has null. */
      readonly actual?: unknown;
      readonly met: boolean;
    };

export interface FlagConditionTrace {
  readonly is: 'flag';
  readonly flag: string;
  readonly expected: readonly string[];
  /** The variant it serves; absent when it is in error, not known, or serves a value that is none of its variants. */
  readonly actual?: string;
  readonly met: boolean;
}

export interface SegmentTrace {
  readonly is: 'segment';
  readonly segment: string;
  readonly met: boolean;
  /** Why nobody belongs to it: it is unknown, or contains itself. */
  readonly problem?: string;
  /** Its `when`. */
  readonly parts: readonly ConditionTrace[];
  readonly members?: MembersTrace;
  readonly score?: ScoreTrace;
  readonly parents?: readonly SegmentTrace[];
  readonly exclusions?: readonly SegmentTrace[];
}

export interface MembersTrace {
  /** The subject's key that was looked up; absent when the context has none. */
  readonly key?: string;
  readonly listed: boolean;
}

export interface ScoreTrace {
  readonly sum: number;
  readonly threshold: number;
  readonly rules: readonly { readonly weight: number; readonly condition: ConditionTrace }[];
}

export type ScheduleTrace =
  /** `step` counts from 0; absent before the first. `next_ms` is when the following one begins. */
  | { readonly is: 'stages'; readonly step?: number; readonly from_ms?: number; readonly next_ms?: number }
  /** `share` of 100,000 that the ramp has reached. */
  | { readonly is: 'ramp'; readonly share: number; readonly from_ms: number; readonly to_ms: number };

export interface SplitTrace {
  readonly by: string;
  readonly path?: readonly string[];
  readonly seed: string;
  /** The text that was hashed; absent when the context has none. */
  readonly key?: string;
  /** 0 to 99,999. */
  readonly bucket?: number;
  /** Each part takes the buckets from `from` up to, but without, `to`. */
  readonly parts: readonly { readonly variant: string; readonly from: number; readonly to: number }[];
}
