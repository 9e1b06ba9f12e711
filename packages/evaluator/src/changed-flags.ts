import type { Configuration } from './configuration.ts';
import { flagsAskedBy } from './prerequisites/references.ts';
import { isSame } from './same.ts';
import { collectSegments, referencesOf } from './segments/references.ts';
import type { FlagDefinition, Snapshot } from './snapshot.ts';

/**
 * The keys of flags that were added, removed or may answer differently: their definition changed, or a segment, kill switch
 * or other flag that they depend on. Compiles nothing.
 */
export function changedFlags(before: Configuration | undefined, after: Configuration): readonly string[] {
  if (before === undefined) return [...after.flags.keys()];
  const changed = new Set<string>();
  const segments = changedSegments(before.snapshot, after.snapshot);
  const switches = changedSwitches(before.snapshot, after.snapshot, segments);
  for (const [key, { definition }] of after.flags) {
    const old = before.flags.get(key)?.definition;
    if (!isSame(old, definition) || mentions(definition, segments) || switches(definition)) changed.add(key);
  }
  for (const key of before.flags.keys()) if (!after.flags.has(key)) changed.add(key);
  const flags = Object.values(after.snapshot.flags);
  addDependants(
    flags.map((flag) => [flag.key, flagsAskedBy(flag)]),
    changed,
  );
  return [...changed];
}

function changedSegments(before: Snapshot, after: Snapshot): ReadonlySet<string> {
  const changed = changedEntries(before.segments, after.segments);
  // Most changes are to flags: then nothing is looked for in segments, of which there may be thousands.
  if (changed.size === 0) return changed;
  const segments = Object.values(after.segments);
  addDependants(
    segments.map((segment) => [segment.key, referencesOf(segment)]),
    changed,
  );
  return changed;
}

/** Whether a flag lies under a switch that was fired, released or changed, or whose segment changed. */
function changedSwitches(before: Snapshot, after: Snapshot, segments: ReadonlySet<string>) {
  const keys = changedEntries(before.switches, after.switches);
  const all = [...Object.values(before.switches), ...Object.values(after.switches)];
  const changed = all.filter(
    ({ key, scope, affects }) =>
      keys.has(key) || (scope === 'user_segment' && affects.some((name) => segments.has(name))),
  );
  return ({ key, services, enabled }: FlagDefinition): boolean =>
    enabled &&
    changed.some(({ scope, affects }) => {
      if (scope === 'service') return services.some((service) => affects.includes(service));
      return scope === 'feature' ? affects.includes(key) : true;
    });
}

function changedEntries<T extends { readonly version: number }>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
): Set<string> {
  const changed = new Set<string>();
  if (before === after) return changed;
  for (const [key, now] of Object.entries(after)) {
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    if (!isSame(old, now)) changed.add(key);
  }
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) changed.add(key);
  return changed;
}

function mentions({ rules }: FlagDefinition, segments: ReadonlySet<string>): boolean {
  if (segments.size === 0) return false;
  const found: string[] = [];
  for (const { when } of rules) collectSegments(when, found);
  return found.some((key) => segments.has(key));
}

/** What asks something that may answer differently may do so too. */
function addDependants(all: readonly (readonly [key: string, asked: readonly string[]])[], changed: Set<string>): void {
  for (let grew = true; grew; ) {
    grew = false;
    for (const [key, asked] of all) {
      if (changed.has(key) || !asked.some((name) => changed.has(name))) continue;
      changed.add(key);
      grew = true;
    }
  }
}
