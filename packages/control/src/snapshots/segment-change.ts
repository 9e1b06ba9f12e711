import type { Segment } from '@spillway/core';
import type { SegmentChange, SegmentDefinition } from '@spillway/evaluator';
import type { Versioned } from '../call.ts';
import type { MemberTexts } from '../segments/members/texts.ts';

/** The definition as a delta carries it to those who hold the segment as it was before. */
export function segmentChange(
  before: Versioned<Segment> | undefined,
  after: Versioned<Segment>,
  definition: SegmentDefinition,
  changesOf: MemberTexts['changesOf'],
): SegmentChange {
  const { members: listed, ...rest } = definition;
  if (before?.members === undefined || after.members === undefined || listed === undefined) return definition;
  const changes = changesOf(after.key, before.members, after.members);
  if (changes === undefined) return definition;
  const { fingerprints: _, ...source } = listed;
  return { ...rest, members: { ...source, base_version: before.version, ...changes, count: after.members.count } };
}
