import type { Condition, Score } from '@spillway/evaluator';

export const SEGMENT_TYPES = ['rule_based', 'composite'] as const;
export type SegmentType = (typeof SEGMENT_TYPES)[number];

/** A named group of contexts, the same in all environments of the project. */
export interface Segment {
  readonly key: string;
  /** `composite` is made of other segments, `rule_based` of conditions on the context alone. */
  readonly type: SegmentType;
  readonly name: string;
  readonly description: string;
  readonly owner: string;
  readonly tags: readonly string[];
  readonly when: Condition;
  /** Weighted conditions; whoever reaches the threshold belongs to it too. */
  readonly score?: Score;
  /** Only who belongs to all of these can belong to it. */
  readonly parents?: readonly string[];
  /** Who belongs to one of these does not belong to it. */
  readonly exclusions?: readonly string[];
  /** Orders the segments that a context belongs to, the highest first. */
  readonly priority?: number;
}
