import { flagUsesSegment, type SegmentDependents, segmentUsesSegment, switchUsesSegment } from '@spillway/core';
import { allDocuments } from '../documents/list.ts';
import type { Clock, Store } from '../ports/index.ts';
import type { SegmentDirectory } from './directory.ts';

export interface DependentDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
  readonly segments: SegmentDirectory;
}

/** What names the segment, read from the store, so that it is true of what is stored. */
export async function dependentsOf(deps: DependentDeps, key: string): Promise<SegmentDependents> {
  const flags: string[] = [];
  for await (const { document } of allDocuments(deps, 'flags')) {
    if (flagUsesSegment(document, key)) flags.push(document.key);
  }
  const switches: string[] = [];
  for await (const { document } of allDocuments(deps, 'switches')) {
    if (switchUsesSegment(document, key)) switches.push(document.key);
  }
  const segments = [...deps.segments.segments.values()]
    .filter((segment) => segment.key !== key && segmentUsesSegment(segment, key))
    .map((segment) => segment.key)
    .sort();
  return { flags, segments, switches };
}
