import type { Condition, Score } from '@spillway/evaluator';

export const SEGMENT_TYPES = ['rule_based', 'composite', 'list'] as const;
export type SegmentType = (typeof SEGMENT_TYPES)[number];

/** A named group of contexts, the same in all environments of the project. */
export interface Segment {
  readonly key: string;
  /** `list` names its members, `composite` is made of other segments, `rule_based` of conditions on the context alone. */
  readonly type: SegmentType;
  readonly name: string;
  readonly description: string;
  readonly owner: string;
  readonly tags: readonly string[];
  /** Who keeps this segment in files; set when definitions are applied. */
  readonly managed_by?: string;
  readonly when: Condition;
  /** Weighted conditions; whoever reaches the threshold belongs to it too. */
  readonly score?: Score;
  readonly members?: SegmentMembers;
  /** Only who belongs to all of these can belong to it. */
  readonly parents?: readonly string[];
  /** Who belongs to one of these does not belong to it. */
  readonly exclusions?: readonly string[];
  /** Orders the segments that a context belongs to, the highest first. */
  readonly priority?: number;
}

/** A list of subjects. The list itself is kept in chunks that never change; the document says which they are. */
export interface SegmentMembers {
  /** The attribute that holds the subject's key; `targetingKey` when left out. */
  readonly by?: string;
  /** Fields to follow inside it. */
  readonly path?: readonly string[];
  readonly count: number;
  /** A power of two of them: the first holds the lowest fingerprints, and all cover equal ranges. */
  readonly chunks: readonly MemberChunk[];
}

export interface MemberChunk {
  /** SHA-256 of the chunk's text, by which it is found. */
  readonly digest: string;
  readonly count: number;
}
