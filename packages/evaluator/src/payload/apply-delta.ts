import type { Snapshot, SnapshotDelta } from '../snapshot.ts';

/**
 * The snapshot after a change; what did not change is shared with the one before, which stays as it was. Undefined when
 * the change was made for another snapshot: then the whole one is needed.
 */
export function applyDelta(snapshot: Snapshot, delta: SnapshotDelta): Snapshot | undefined {
  const { project, environment, base, number } = delta;
  if (project !== snapshot.project || environment !== snapshot.environment) return undefined;
  if (base !== snapshot.number || number <= base) return undefined;
  return {
    ...snapshot,
    number,
    flags: changed(snapshot.flags, delta.flags),
    segments: changed(snapshot.segments, delta.segments),
    switches: changed(snapshot.switches, delta.switches),
  };
}

function changed<T>(
  entries: Readonly<Record<string, T>>,
  changes: Readonly<Record<string, T | null>> | undefined,
): Readonly<Record<string, T>> {
  if (changes === undefined) return entries;
  // From entries, not by assignment, so that no key can reach a prototype.
  const after = new Map(Object.entries(entries));
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) after.delete(key);
    else after.set(key, value);
  }
  return Object.fromEntries(after);
}
