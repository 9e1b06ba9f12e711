import { FINGERPRINT_WIDTH } from '../segments/fingerprints.ts';
import { patchFingerprints } from '../segments/patch-fingerprints.ts';
import type { Members, MembersPatch, SegmentChange, SegmentDefinition, Snapshot, SnapshotDelta } from '../snapshot.ts';

type Entries<T> = Readonly<Record<string, T>>;

/**
 * The snapshot after a change; what did not change is shared with the one before, which stays as it was. Undefined when
 * the change was made for another snapshot, or for another list of a segment: then the whole one is needed.
 */
export function applyDelta(snapshot: Snapshot, delta: SnapshotDelta): Snapshot | undefined {
  const { project, environment, base, number } = delta;
  if (project !== snapshot.project || environment !== snapshot.environment) return undefined;
  if (base !== snapshot.number || number <= base) return undefined;
  const segments = delta.segments && wholeSegments(snapshot.segments, delta.segments);
  if (segments === undefined && delta.segments !== undefined) return undefined;
  // A signature is of one snapshot: without a new one the next has none.
  const { signature: _, ...rest } = snapshot;
  return {
    ...rest,
    ...(delta.signature === undefined ? {} : { signature: delta.signature }),
    number,
    flags: changed(snapshot.flags, delta.flags),
    segments: changed(snapshot.segments, segments),
    switches: changed(snapshot.switches, delta.switches),
  };
}

function changed<T>(entries: Entries<T>, changes: Entries<T | null> | undefined): Entries<T> {
  if (changes === undefined) return entries;
  // From entries, not by assignment, so that no key can reach a prototype.
  const after = new Map(Object.entries(entries));
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) after.delete(key);
    else after.set(key, value);
  }
  return Object.fromEntries(after);
}

/** The changes with every list whole; undefined when one does not fit the list that is held. */
function wholeSegments(
  held: Entries<SegmentDefinition>,
  changes: Entries<SegmentChange | null>,
): Entries<SegmentDefinition | null> | undefined {
  const whole: [string, SegmentDefinition | null][] = [];
  for (const [key, change] of Object.entries(changes)) {
    const after = change === null ? null : wholeSegment(Object.hasOwn(held, key) ? held[key] : undefined, change);
    if (after === undefined) return undefined;
    whole.push([key, after]);
  }
  return Object.fromEntries(whole);
}

function wholeSegment(held: SegmentDefinition | undefined, change: SegmentChange): SegmentDefinition | undefined {
  const { members, ...rest } = change;
  if (members === undefined) return rest;
  if (!('base_version' in members)) return { ...rest, members };
  if (held?.members === undefined || held.version !== members.base_version) return undefined;
  const patched = patchMembers(held.members, members);
  return patched && { ...rest, members: patched };
}

function patchMembers(held: Members, patch: MembersPatch): Members | undefined {
  const { base_version: _, added, removed, count, ...rest } = patch;
  if (held.algorithm !== patch.algorithm) return undefined;
  try {
    const fingerprints = patchFingerprints(held.fingerprints, { added, removed });
    return fingerprints?.length === count * FINGERPRINT_WIDTH ? { ...rest, fingerprints } : undefined;
  } catch {
    // Digits that are none, or in no order: as little to go by as a patch for another list.
    return undefined;
  }
}
