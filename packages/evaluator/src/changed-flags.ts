import type { Configuration } from './configuration.ts';
import { flagsAskedBy } from './prerequisites/references.ts';
import { isUnchanged } from './same.ts';
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
    const same = old !== undefined && isUnchanged(old, definition);
    if (!same || mentions(definition, segments) || switches(definition)) changed.add(key);
  }
  for (const key of before.flags.keys()) if (!after.flags.has(key)) changed.add(key);
  addDependants(after.snapshot.flags, changed);
  return [...changed];
}

function changedSegments(before: Snapshot, after: Snapshot): ReadonlySet<string> {
  const changed = changedEntries(before.segments, after.segments);
  if (changed.size === 0) return changed;
  const references = Object.values(after.segments).map((segment) => [segment.key, referencesOf(segment)] as const);
  for (let grew = true; grew; ) {
    grew = false;
    for (const [key, names] of references) {
      if (changed.has(key) || !names.some((name) => changed.has(name))) continue;
      changed.add(key);
      grew = true;
    }
  }
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
    if (old === undefined || !isUnchanged(old, now)) changed.add(key);
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

/** What asks a flag that may answer differently may do so too. */
function addDependants(flags: Snapshot['flags'], changed: Set<string>): void {
  if (changed.size === 0) return;
  const asking = Object.values(flags).flatMap((flag) => {
    const asked = flagsAskedBy(flag);
    return asked.length === 0 ? [] : [{ key: flag.key, asked }];
  });
  for (let grew = asking.length > 0; grew; ) {
    grew = false;
    for (const { key, asked } of asking) {
      if (changed.has(key) || !asked.some((flag) => changed.has(flag))) continue;
      changed.add(key);
      grew = true;
    }
  }
}
