import { MAX_CONDITION_DEPTH } from '../conditions/compile-condition.ts';
import type { Condition, SegmentDefinition } from '../snapshot.ts';

/** The segments that a segment names, each as often as it does. */
export function referencesOf({ when, score, parents = [], exclusions = [] }: SegmentDefinition): readonly string[] {
  const found: string[] = [...parents, ...exclusions];
  collectSegments(when, found);
  for (const rule of score?.rules ?? []) collectSegments(rule.when, found);
  return found;
}

/** Adds the segments that a condition names. Quiet about what cannot be compiled: that is found out there. */
export function collectSegments(condition: Condition, found: string[], depth = 1): void {
  if (depth > MAX_CONDITION_DEPTH) return;
  if ('all' in condition) for (const part of condition.all) collectSegments(part, found, depth + 1);
  else if ('any' in condition) for (const part of condition.any) collectSegments(part, found, depth + 1);
  else if ('not' in condition) collectSegments(condition.not, found, depth + 1);
  else if ('segment' in condition) found.push(condition.segment);
}
