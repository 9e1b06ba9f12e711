import type { Evaluation } from '../evaluation.ts';
import type { Json } from '../json.ts';
import type { Operator } from '../snapshot.ts';

/** An answer and how it came about, told by the structures that gave it. */
export interface Explanation {
  readonly evaluation: Evaluation;
  readonly trace: Trace;
}

export interface Trace {
  /** The layer that gave the answer. */
  readonly decided_by: 'error' | 'off' | 'kill_switch' | 'target' | 'rule' | 'fallthrough';
  readonly kill_switch?: string;
  /** The targeting key that an individual target lists. */
  readonly target?: string;
  /** In order; those after the one that matched were not asked. */
  readonly rules: readonly RuleTrace[];
  /** Present when the answer, or the error, came out of a split. */
  readonly split?: SplitTrace;
}

export interface RuleTrace {
  readonly id: string;
  readonly result: 'matched' | 'not_matched' | 'not_reached';
  readonly condition?: ConditionTrace;
}

export type ConditionTrace =
  | { readonly is: 'all' | 'any' | 'not'; readonly met: boolean; readonly parts: readonly ConditionTrace[] }
  | {
      readonly is: 'segment';
      readonly segment: string;
      readonly met: boolean;
      readonly parts: readonly ConditionTrace[];
    }
  | {
      readonly is: 'comparison';
      readonly attribute: string;
      readonly operator: Operator;
      readonly expected: readonly Json[];
      /** Absent when the context does not have the attribute, or has null. */
      readonly actual?: unknown;
      readonly met: boolean;
    };

export interface SplitTrace {
  readonly by: string;
  readonly seed: string;
  /** The text that was hashed; absent when the context has none. */
  readonly key?: string;
  /** 0 to 99,999. */
  readonly bucket?: number;
  /** Each part takes the buckets from `from` up to, but without, `to`. */
  readonly parts: readonly { readonly variant: string; readonly from: number; readonly to: number }[];
}
