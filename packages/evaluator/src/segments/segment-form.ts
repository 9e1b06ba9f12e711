import type { Read } from '../conditions/attributes.ts';
import type { ConditionForm } from '../conditions/compile-condition.ts';
import type { Test } from '../conditions/operators.ts';
import type { Members, Score, SegmentDefinition } from '../snapshot.ts';

/** A segment ready to be asked. */
export type SegmentForm =
  /** Unknown, or part of a cycle: nobody belongs to it, and `problem` says why. */
  | {
      readonly is: 'empty';
      readonly key: string;
      readonly definition: SegmentDefinition | undefined;
      readonly problem: string;
      readonly test: Test;
      readonly weight: number;
    }
  | {
      readonly is: 'live';
      readonly key: string;
      readonly definition: SegmentDefinition;
      readonly test: Test;
      readonly when: ConditionForm;
      readonly members: MembersForm | undefined;
      readonly score: ScoreForm | undefined;
      readonly parents: readonly SegmentForm[];
      readonly exclusions: readonly SegmentForm[];
      /** The segments it is made of, by which it is known to be unchanged. */
      readonly uses: ReadonlyMap<string, SegmentForm>;
      /** How many segments it comes to when each reference is written out. */
      readonly weight: number;
    };

export interface MembersForm {
  readonly source: Members;
  readonly read: Read;
  readonly lists: (key: string) => boolean;
  readonly test: Test;
}

export interface ScoreForm {
  readonly source: Score;
  readonly rules: readonly { readonly weight: number; readonly when: ConditionForm }[];
  readonly test: Test;
}
