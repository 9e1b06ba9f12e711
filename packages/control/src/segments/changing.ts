import { accept, checkReason, isUsed, type Outcome, type Segment } from '@spillway/core';
import type { Call, Versioned, Written } from '../call.ts';
import type { Changes, Decision } from '../documents/changes.ts';
import type { Structure } from '../documents/structure.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import { type DependentDeps, dependentsOf } from './dependents.ts';
import { segmentMeaning } from './meaning.ts';

export interface SegmentChangeDeps extends DependentDeps {
  readonly changes: Changes;
  readonly structure: Structure;
  readonly environments: EnvironmentDirectory;
}

/** While it is decided, nothing that the segment rests on changes, nor what rests on it. */
export function changeSegment(
  { changes, structure }: Pick<SegmentChangeDeps, 'changes' | 'structure'>,
  call: Call,
  key: string,
  asked: object,
  decide: (segment: Versioned<Segment> | undefined) => Promise<Outcome<Decision<Segment>>>,
): Promise<Outcome<Written<Segment> | undefined>> {
  return structure((fence) =>
    changes.change(call, { noun: 'segments', key, name: 'segment', request: asked, fence }, decide),
  );
}

/** A segment that nothing uses changes what nobody gets. */
export async function checkFelt(
  deps: SegmentChangeDeps,
  call: Call,
  before: Segment,
  after: Segment,
): Promise<Outcome<void>> {
  if (segmentMeaning(before) === segmentMeaning(after)) return accept(undefined);
  const used = isUsed(await dependentsOf(deps, before.key));
  return used ? checkReason(deps.environments.all(), call.reason) : accept(undefined);
}
