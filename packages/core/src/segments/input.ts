import type { Condition, Score } from '@spillway/evaluator';
import type { SegmentType } from './segment.ts';

/** A segment as a person sends it: what has an obvious default may be left out. */
export interface SegmentInput {
  readonly key: string;
  /** Seen from the rest when left out. */
  readonly type?: SegmentType | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly owner?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  /** May be left out where a score or the parents decide. */
  readonly when?: Condition | undefined;
  readonly score?: Score | undefined;
  readonly parents?: readonly string[] | undefined;
  readonly exclusions?: readonly string[] | undefined;
  readonly priority?: number | undefined;
}
