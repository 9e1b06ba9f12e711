import type { Members, SegmentDefinition } from '@spillway/evaluator';
import type { Segment, SegmentMembers } from './segment.ts';

/** The segment as snapshots carry it, without what only people read; `fingerprints` are its chunks, one behind the other. */
export function defineSegment(segment: Segment, version: number, fingerprints: string): SegmentDefinition {
  const { key, when, members, score, parents, exclusions, priority } = segment;
  return {
    key,
    version,
    when,
    ...(members === undefined ? {} : { members: defineMembers(members, fingerprints) }),
    ...(score === undefined ? {} : { score }),
    ...(parents === undefined ? {} : { parents }),
    ...(exclusions === undefined ? {} : { exclusions }),
    ...(priority === undefined ? {} : { priority }),
  };
}

function defineMembers({ by, path }: SegmentMembers, fingerprints: string): Members {
  return {
    algorithm: 'spillway-fingerprint-1',
    fingerprints,
    ...(by === undefined ? {} : { by }),
    ...(path === undefined ? {} : { path }),
  };
}
