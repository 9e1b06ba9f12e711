import type { Seed } from '../bucketing/bucket.ts';
import type { ConditionForm } from '../conditions/compile-condition.ts';
import type { EvaluationContext, Reason } from '../evaluation.ts';
import type { SegmentForm } from '../segments/segment-form.ts';
import type { FlagDefinition, Variant } from '../snapshot.ts';

/** What a flag may answer; decisions are positions in a flag's list of these, or one of the negatives below. */
export interface Outcome {
  readonly variant: Variant;
  readonly reason: Reason;
  readonly rule?: string;
}

/** The first outcome of every flag: what it serves when off or killed. */
export const OFF = 0;
export const MISSING_KEY = -1;
export const INVALID_CONTEXT = -2;
export const BROKEN = -3;

export type Decide = (context: EvaluationContext, now: number) => number;

export type ServeForm =
  | { readonly is: 'fixed'; readonly outcome: number }
  | {
      readonly is: 'split';
      /** Where each part ends, in shares; a user is in the first part whose end lies beyond their bucket. */
      readonly ends: readonly number[];
      readonly outcomes: readonly number[];
    };

export interface RuleForm {
  readonly id: string;
  readonly when: ConditionForm;
  readonly serve: ServeForm;
}

/** The part of a flag that is asked when it is neither off nor killed. */
export interface LiveForm {
  readonly targets: ReadonlyMap<string, number>;
  readonly rules: readonly RuleForm[];
  readonly fallthrough: ServeForm;
  readonly by: string;
  readonly seed: Seed;
  readonly decide: Decide;
  /** The outcome that everyone gets, when there is nothing to ask. */
  readonly constant?: number;
}

/** A flag compiled, independent of the configuration's number and of kill switches, so that it outlives both. */
export interface FlagForm {
  readonly definition: FlagDefinition;
  readonly uses: ReadonlyMap<string, SegmentForm>;
  readonly outcomes: readonly Outcome[];
  /** Or what is wrong with it: a broken rule does not keep a kill switch from working. */
  readonly live: LiveForm | { readonly problem: string };
}
