import type { SegmentDefinition } from '@spillway/evaluator';
import type { Segment } from './segment.ts';

/** The segment as snapshots carry it, without what only people read. */
export function defineSegment(segment: Segment, version: number): SegmentDefinition {
  const { key, when, score, parents, exclusions, priority } = segment;
  return {
    key,
    version,
    when,
    ...(score === undefined ? {} : { score }),
    ...(parents === undefined ? {} : { parents }),
    ...(exclusions === undefined ? {} : { exclusions }),
    ...(priority === undefined ? {} : { priority }),
  };
}
