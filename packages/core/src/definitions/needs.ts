import { collectSegments, flagsAskedBy } from '@spillway/evaluator';
import type { Flag } from '../flags/flag.ts';
import { segmentReferences } from '../segments/references.ts';
import type { Segment } from '../segments/segment.ts';
import type { KillSwitch } from '../switches/kill-switch.ts';

/** The flags that the flag requires anywhere, its parent among them; some may come twice. */
export function flagsNeededBy({ parent, environments }: Flag): readonly string[] {
  return [...(parent === undefined ? [] : [parent]), ...Object.values(environments).flatMap(flagsAskedBy)];
}

export interface Documents {
  readonly flags: Iterable<Flag>;
  readonly segments: Iterable<Segment>;
  readonly switches: Iterable<KillSwitch>;
}

/** Who needs what, found by looking at everything once, however much of it is asked about. */
export interface Needs {
  /** By the flag that is needed: the flags that need it. */
  readonly flags: ReadonlyMap<string, readonly Flag[]>;
  /** By the segment that is needed: who needs it, as prose says it. */
  readonly segments: ReadonlyMap<string, readonly string[]>;
}

/** An archived flag is asked by nobody, so it needs nothing. */
export function needsIn({ flags, segments, switches }: Documents): Needs {
  const flagsNeeding = new Map<string, Flag[]>();
  const usingSegment = new Map<string, string[]>();
  for (const flag of flags) {
    if (flag.lifecycle === 'archived') continue;
    for (const needed of new Set(flagsNeededBy(flag))) push(flagsNeeding, needed, flag);
    const named: string[] = [];
    for (const { rules } of Object.values(flag.environments)) {
      for (const { when } of rules) collectSegments(when, named);
    }
    for (const segment of new Set(named)) push(usingSegment, segment, `flag ${flag.key}`);
  }
  for (const segment of segments) {
    const named = segmentReferences(segment).map((reference) => reference.segment);
    for (const needed of new Set(named)) push(usingSegment, needed, `segment ${segment.key}`);
  }
  for (const { key, scope, affects } of switches) {
    if (scope === 'user_segment') for (const segment of affects) push(usingSegment, segment, `kill switch ${key}`);
  }
  return { flags: flagsNeeding, segments: usingSegment };
}

function push<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
