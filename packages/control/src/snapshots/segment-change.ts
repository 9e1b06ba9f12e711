import type { Segment } from '@spillway/core';
import { FINGERPRINT_WIDTH, type SegmentChange, type SegmentDefinition } from '@spillway/evaluator';
import type { Versioned } from '../control.ts';
import { changesBetween } from '../segments/members/patch.ts';

/** A segment and the text of its list. */
export interface Listed {
  readonly segment: Versioned<Segment>;
  readonly text: string;
}

/** The definition as a delta carries it to those who hold the segment as it was before. */
export function segmentChange(before: Listed | undefined, after: Listed, definition: SegmentDefinition): SegmentChange {
  const { members: listed, ...rest } = definition;
  const [old, now] = [before?.segment.members, after.segment.members];
  if (before === undefined || old === undefined || now === undefined || listed === undefined) return definition;
  const changes = changesBetween({ chunks: old.chunks, text: before.text }, { chunks: now.chunks, text: after.text });
  if (changes === undefined) return definition;
  const { fingerprints: _, ...source } = listed;
  const count = after.text.length / FINGERPRINT_WIDTH;
  return { ...rest, members: { ...source, base_version: before.segment.version, ...changes, count } };
}
