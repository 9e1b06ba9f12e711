import { collectSegments } from '@spillway/evaluator';
import type { Flag } from '../flags/flag.ts';
import { enumerate } from '../problems.ts';
import { accept, type Outcome, refuse } from '../refusal.ts';
import type { KillSwitch } from '../switches/kill-switch.ts';
import { type SegmentParts, segmentReferences } from './references.ts';

/** What names a segment, by key. */
export interface SegmentDependents {
  readonly flags: readonly string[];
  readonly segments: readonly string[];
  readonly switches: readonly string[];
}

/** An archived flag is asked by nobody, and bringing it back checks it anew. */
export function flagUsesSegment(flag: Flag, segment: string): boolean {
  if (flag.lifecycle === 'archived') return false;
  const named: string[] = [];
  for (const { rules } of Object.values(flag.environments)) for (const { when } of rules) collectSegments(when, named);
  return named.includes(segment);
}

export function segmentUsesSegment(parts: SegmentParts, segment: string): boolean {
  return segmentReferences(parts).some((reference) => reference.segment === segment);
}

export function switchUsesSegment({ scope, affects }: KillSwitch, segment: string): boolean {
  return scope === 'user_segment' && affects.includes(segment);
}

export function isUsed({ flags, segments, switches }: SegmentDependents): boolean {
  return flags.length + segments.length + switches.length > 0;
}

/** Whoever names a segment that is gone would quietly reach nobody. */
export function checkSegmentMayGo(key: string, dependents: SegmentDependents): Outcome<void> {
  if (!isUsed(dependents)) return accept(undefined);
  const { flags, segments, switches } = dependents;
  const said = [
    ...(flags.length === 0 ? [] : [`flags (${enumerate(flags)})`]),
    ...(segments.length === 0 ? [] : [`segments (${enumerate(segments)})`]),
    ...(switches.length === 0 ? [] : [`kill switches (${enumerate(switches)})`]),
  ];
  return refuse(
    'in_use',
    `The segment ${key} is used by ${said.join(', ')}. Take it out of them first, then delete it.`,
    {
      details: { flags, segments, switches },
    },
  );
}
