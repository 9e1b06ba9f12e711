import type {
  Bucketing,
  Comparison,
  FlagCondition,
  FlagType,
  Prerequisite,
  SplitPart,
  Target,
  Variant,
} from '@spillway/evaluator';
import type { FlagKind, FlagRule, FlagServe, ValueSchema } from './flag.ts';

/** A flag as a person sends it: what has an obvious default may be left out. */
export interface FlagInput {
  readonly key: string;
  readonly type?: FlagType | undefined;
  readonly kind?: FlagKind | undefined;
  readonly description?: string | undefined;
  readonly owner?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly services?: readonly string[] | undefined;
  readonly variants?: readonly Variant[] | undefined;
  readonly value_schema?: ValueSchema | undefined;
  readonly permanent?: boolean | undefined;
  readonly managed_by?: string | undefined;
  readonly parent?: string | undefined;
  readonly target_environments?: readonly string[] | undefined;
  readonly environments?: Readonly<Record<string, FlagEnvironmentInput>> | undefined;
}

/** A flag that is made: its kind, and `strategy` before it, say who is to get it wherever an environment does not. */
export interface NewFlag extends FlagInput {
  readonly strategy?: Strategy | undefined;
}

export interface FlagEnvironmentInput {
  readonly enabled?: boolean | undefined;
  readonly off_variant?: string | undefined;
  readonly prerequisites?: readonly Prerequisite[] | undefined;
  readonly targets?: readonly Target[] | undefined;
  /** A rule without an id gets one. */
  readonly rules?: readonly FlagRuleInput[] | undefined;
  readonly fallthrough?: FlagServe | undefined;
  /** Shorthand for a boolean flag: this share of users gets `on`, the rest `off`. */
  readonly percentage?: number | undefined;
  /** Shorthand for who gets the flag. */
  readonly strategy?: Strategy | undefined;
  readonly bucketing?: { readonly [K in keyof Bucketing]?: Bucketing[K] | undefined } | undefined;
}

export interface FlagRuleInput extends Omit<FlagRule, 'id' | 'when'> {
  readonly id?: string | undefined;
  readonly when: ConditionInput;
}

/** A condition as it may be sent: segments may be asked for like an operator. */
export type ConditionInput =
  | { readonly all: readonly ConditionInput[] }
  | { readonly any: readonly ConditionInput[] }
  | { readonly not: ConditionInput }
  | { readonly segment: string }
  | SegmentComparison
  | FlagCondition
  | Comparison;

/** In one of the segments, or in none of them. */
export interface SegmentComparison {
  readonly operator: 'in_segment' | 'not_in_segment';
  readonly values: readonly string[];
}

/**
 * The ways to release that people think in, each a shorthand for a part of the one rule model. `variant` is what those
 * chosen get: a boolean flag's true variant when it is left out.
 */
export type Strategy =
  | { readonly type: 'all_users'; readonly variant?: string }
  | { readonly type: 'percentage'; readonly percentage: number; readonly variant?: string }
  | { readonly type: 'user_list'; readonly users: readonly string[]; readonly variant?: string }
  /** Enabled for everyone in the flag's target environments, and nowhere else. */
  | { readonly type: 'environment'; readonly variant?: string }
  | { readonly type: 'gradual'; readonly stages: readonly GradualStage[]; readonly variant?: string }
  | {
      readonly type: 'gradual';
      readonly from: string;
      readonly to: string;
      readonly from_percentage: number;
      readonly to_percentage: number;
      readonly variant?: string;
    }
  | { readonly type: 'experiment'; readonly split: readonly SplitPart[] };

export interface GradualStage {
  readonly from: string;
  readonly percentage: number;
}
