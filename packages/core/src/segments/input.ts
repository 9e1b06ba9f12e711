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
  readonly managed_by?: string | undefined;
  /** May be left out where a list, a score or the parents decide. */
  readonly when?: Condition | undefined;
  readonly score?: Score | undefined;
  readonly members?: SegmentMembersInput | undefined;
  readonly parents?: readonly string[] | undefined;
  readonly exclusions?: readonly string[] | undefined;
  readonly priority?: number | undefined;
}

export interface SegmentMembersInput {
  readonly by?: string | undefined;
  readonly path?: readonly string[] | undefined;
  /** The whole list; when left out, a segment that is replaced keeps the list it has. Long lists are imported. */
  readonly keys?: readonly string[] | undefined;
}
