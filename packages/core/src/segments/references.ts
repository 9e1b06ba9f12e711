import { collectSegments, type SegmentDefinition } from '@spillway/evaluator';
import { pointer } from '../problems.ts';

/** What a segment is made of, as far as other segments are concerned. */
export type SegmentParts = Pick<SegmentDefinition, 'when' | 'score' | 'parents' | 'exclusions'>;

/** A segment that is named, and where. */
export interface SegmentReference {
  readonly segment: string;
  /** JSON Pointer of the part that names it. */
  readonly field: string;
}

/** Every segment that the parts name, each as often as they do. */
export function segmentReferences({
  when,
  score,
  parents = [],
  exclusions = [],
}: SegmentParts): readonly SegmentReference[] {
  const inConditions: string[] = [];
  collectSegments(when, inConditions);
  const found = inConditions.map((segment) => ({ segment, field: '/when' }));
  for (const [index, rule] of (score?.rules ?? []).entries()) {
    const inRule: string[] = [];
    collectSegments(rule.when, inRule);
    found.push(...inRule.map((segment) => ({ segment, field: pointer('/score/rules', index, 'when') })));
  }
  parents.forEach((segment, index) => void found.push({ segment, field: pointer('/parents', index) }));
  exclusions.forEach((segment, index) => void found.push({ segment, field: pointer('/exclusions', index) }));
  return found;
}
