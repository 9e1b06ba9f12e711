import type { ConditionForm } from '../conditions/compile-condition.ts';
import type { SegmentDefinition } from '../snapshot.ts';

export interface SegmentForm {
  readonly definition: SegmentDefinition;
  readonly when: ConditionForm;
  /** The segments it is made of, by which it is known to be unchanged. */
  readonly uses: ReadonlyMap<string, SegmentForm>;
}
