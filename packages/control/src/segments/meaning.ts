import { canonicalise, defineSegment, type Segment } from '@spillway/core';
import { toJson } from '../documents/document.ts';

/** What evaluation depends on; of a list, the digests of its chunks, which are as good as the list for telling two apart. */
export function segmentMeaning(segment: Segment): string {
  const chunks = segment.members?.chunks.map(({ digest }) => digest) ?? [];
  return canonicalise(toJson(defineSegment(segment, 0, chunks.join())));
}
