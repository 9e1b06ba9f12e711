import { type Condition, eachLeaf } from '@spillway/evaluator';
import type { ImportedFlag, ImportedSegment, SegmentsByKey } from './report.ts';

/** Those that conditions name, and those that these name. */
export function segmentsNamedIn(conditions: readonly Condition[], known: SegmentsByKey): SegmentsByKey {
  const found = new Map<string, ImportedSegment>();
  const visit = (condition: Condition) =>
    eachLeaf(condition, (leaf) => {
      const segment = 'segment' in leaf ? known.get(leaf.segment) : undefined;
      if (segment === undefined || !('segment' in leaf) || found.has(leaf.segment)) return;
      found.set(leaf.segment, segment);
      visit(segment.when);
    });
  for (const condition of conditions) visit(condition);
  return found;
}

export function conditionsIn(flag: ImportedFlag): readonly Condition[] {
  const { all_environments: everywhere, environments = {} } = flag;
  const states = [...(everywhere === undefined ? [] : [everywhere]), ...Object.values(environments)];
  return states.flatMap(({ rules }) => rules.map(({ when }) => when));
}
