import { MAX_SEGMENT_WEIGHT } from '@spillway/evaluator';
import { pathBetween } from '../path-between.ts';
import { enumerate, type Problems } from '../problems.ts';
import { type SegmentParts, segmentReferences } from './references.ts';
import type { Segment } from './segment.ts';

/** The other segments of the project, by key. */
export type KnownSegments = ReadonlyMap<string, SegmentParts>;

/** Reports references that lead back to the segment itself, and what would make it or a segment on it too large to ask. */
export function checkGraph(segment: Segment, known: KnownSegments, problems: Problems): void {
  const graph = new Map([...known, [segment.key, segment] as const]);
  const links = new Map([...graph].map(([key, parts]) => [key, segmentReferences(parts)] as const));
  const next = (key: string) => (links.get(key) ?? []).map((reference) => reference.segment);
  let cyclic = false;
  const seen = new Set<string>();
  for (const { segment: named, field } of links.get(segment.key) ?? []) {
    if (seen.has(`${field} ${named}`)) continue;
    seen.add(`${field} ${named}`);
    const path = pathBetween(named, segment.key, next);
    if (path === undefined) continue;
    cyclic = true;
    problems.report(
      field,
      `leads back to ${segment.key} (${[segment.key, ...path].join(' → ')}); a segment cannot be made of itself`,
    );
  }
  if (!cyclic) checkWeights(segment, graph, next, problems);
}

/** Evaluators refuse a segment that comes to more than so many when written out; so it is refused when it is made. */
function checkWeights(
  segment: Segment,
  graph: KnownSegments,
  next: (key: string) => readonly string[],
  problems: Problems,
): void {
  const weights = new Map<string, number>();
  const weightOf = (key: string): number => {
    const known = weights.get(key);
    if (known !== undefined) return known;
    // Others were checked when they were written, so that only this one could close a cycle, and it does not.
    weights.set(key, 1);
    const weight = next(key).reduce((sum, one) => Math.min(sum + weightOf(one), MAX_SEGMENT_WEIGHT + 1), 1);
    weights.set(key, weight);
    return weight;
  };
  const heavy = [...graph.keys()].filter((key) => weightOf(key) > MAX_SEGMENT_WEIGHT);
  if (heavy.includes(segment.key)) {
    problems.report('', `is made of more than ${MAX_SEGMENT_WEIGHT} segments, written out; make it of fewer`);
  } else if (heavy.length > 0) {
    problems.report(
      '',
      `would make ${enumerate(heavy)} come to more than ${MAX_SEGMENT_WEIGHT} segments, written out; make it of fewer`,
    );
  }
}
