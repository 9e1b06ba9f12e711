import { eachLeaf } from '../conditions/leaves.ts';
import type { Condition, SegmentDefinition } from '../snapshot.ts';

/** The segments that a segment names, each as often as it does. */
export function referencesOf({ when, score, parents = [], exclusions = [] }: SegmentDefinition): readonly string[] {
  const found: string[] = [...parents, ...exclusions];
  collectSegments(when, found);
  for (const rule of score?.rules ?? []) collectSegments(rule.when, found);
  return found;
}

/** Adds the segments that a condition names. */
export function collectSegments(condition: Condition, found: string[]): void {
  eachLeaf(condition, (leaf) => {
    if ('segment' in leaf) found.push(leaf.segment);
  });
}
