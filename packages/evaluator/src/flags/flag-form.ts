import type { BucketingForm } from '../bucketing/bucketing-form.ts';
import type { Read } from '../conditions/attributes.ts';
import type { ConditionForm } from '../conditions/compile-condition.ts';
import type { EvaluationContext, Reason } from '../evaluation.ts';
import type { Json } from '../json.ts';
import type { SegmentForm } from '../segments/segment-form.ts';
import type { FlagDefinition, Ramp, Stages, Target } from '../snapshot.ts';

/** What a flag may answer; decisions are positions in a flag's list of these, or one of the negatives below. */
export interface Outcome {
  readonly value: Json;
  /** A served `value` has none. */
  readonly variant: string | undefined;
  readonly reason: Reason;
  readonly rule: string | undefined;
  readonly prerequisite: string | undefined;
}

/** The first outcome of every flag: what it serves when off or killed. */
export const OFF = 0;
/** From here downwards: no key to bucket by, for the bucketing at this distance in the flag's list of them. */
export const MISSING_KEY = -10;
export const INVALID_CONTEXT = -2;
export const BROKEN = -3;

/** For a context that owns what it shows, unless said otherwise. */
export type Decide = (context: EvaluationContext, now: number) => number;

export type PlainServe = { readonly is: 'fixed'; readonly outcome: number } | SplitForm;

export type ServeForm = PlainServe | StagesForm | RampForm;

export interface SplitForm {
  readonly is: 'split';
  /** Where each part ends, in shares; a user is in the first part whose end lies beyond their bucket. */
  readonly ends: readonly number[];
  readonly outcomes: readonly number[];
  readonly bucketing: BucketingForm;
  readonly missing: number;
  readonly decide: Decide;
}

export interface StagesForm {
  readonly is: 'stages';
  readonly source: Stages;
  readonly before: PlainServe;
  readonly steps: readonly { readonly from: number; readonly serve: PlainServe }[];
  readonly decide: Decide;
}

export interface RampForm {
  readonly is: 'ramp';
  readonly source: Ramp;
  readonly fromShare: number;
  readonly toShare: number;
  readonly variant: number;
  readonly otherwise: number;
  readonly bucketing: BucketingForm;
  readonly missing: number;
  readonly decide: Decide;
}

export interface RuleForm {
  readonly id: string;
  readonly when: ConditionForm;
  readonly serve: ServeForm;
}

/** Individual targets that are found by one place of the context; several such groups keep the order of the list. */
export interface TargetGroup {
  readonly source: Target;
  readonly read: Read;
  /** By key; `order` is the target's place in the list. */
  readonly entries: ReadonlyMap<string, { readonly order: number; readonly outcome: number }>;
}

/** The part of a flag that is asked when it is neither off nor killed, and its prerequisites are met. */
export interface LiveForm {
  readonly targets: readonly TargetGroup[];
  readonly rules: readonly RuleForm[];
  readonly fallthrough: ServeForm;
  /** For any context at all. */
  readonly decide: Decide;
  /** The outcome that everyone gets, when there is nothing to ask. */
  readonly constant: number | undefined;
}

/**
 * A flag compiled, independent of the configuration's number, of kill switches and, unless its rules ask them, of other flags,
 * so that it outlives them.
 */
export interface FlagForm {
  readonly definition: FlagDefinition;
  readonly uses: ReadonlyMap<string, SegmentForm>;
  /** The flags that its rules ask, which bind it to one configuration. */
  readonly asked: readonly string[];
  readonly outcomes: readonly Outcome[];
  readonly bucketings: readonly BucketingForm[];
  /** Outcomes for prerequisites that are not met, in their order. */
  readonly unmet: readonly number[];
  /** Or what is wrong with it: a broken rule does not keep a kill switch from working. */
  readonly live: LiveForm | { readonly problem: string };
}
