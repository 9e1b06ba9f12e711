import { type SegmentInput, segmentReferences } from '@spillway/core';

/** The segments that an input names. */
export function namedIn({ when = { all: [] }, score, parents, exclusions }: SegmentInput): readonly string[] {
  const parts = {
    when,
    ...(score === undefined ? {} : { score }),
    parents: parents ?? [],
    exclusions: exclusions ?? [],
  };
  return segmentReferences(parts).map(({ segment }) => segment);
}
