import {
  accept,
  defineSegment,
  type KnownSegments,
  normaliseSegment,
  type Outcome,
  type SegmentInput,
} from '@spillway/core';
import { encodeMembers, type SegmentDefinition } from '@spillway/evaluator';

/** A segment as snapshots would carry it, from what was not stored. Without `members.keys` it has the list it has now. */
export function draftDefinition(
  input: SegmentInput,
  known: KnownSegments,
  definitions: Readonly<Record<string, SegmentDefinition>>,
): Outcome<SegmentDefinition> {
  const segment = normaliseSegment(input, known);
  if (!segment.ok) return segment;
  const now = Object.hasOwn(definitions, input.key) ? definitions[input.key] : undefined;
  const keys = input.members?.keys;
  const fingerprints = keys === undefined ? now?.members?.fingerprints : encodeMembers(keys).fingerprints;
  // A version of its own, because compiling takes over what has the same one.
  return accept(defineSegment(segment.value, (now?.version ?? 0) + 1, fingerprints ?? ''));
}
