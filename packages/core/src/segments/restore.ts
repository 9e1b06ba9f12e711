import type { Outcome } from '../refusal.ts';
import { cannotRestore } from '../restored.ts';
import type { KnownSegments } from './graph.ts';
import { normaliseSegment } from './normalise.ts';
import type { Segment } from './segment.ts';

/**
 * The segment as it was at a version, its list with it, checked as if it were written now: segments that it names may be
 * gone since, or be made of it. The refusal says which version of which segment it is about.
 */
export function restoredSegment(was: Segment, version: number, known: KnownSegments): Outcome<Segment> {
  const now = normaliseSegment(was, known, was.members);
  return now.ok ? now : cannotRestore(was.key, version, now.refusal);
}
