import type { FlagDefinition, Snapshot, SwitchDefinition } from '../snapshot.ts';

/** The active kill switch that a flag obeys: a global one before its services' before its own; by key among equals. */
export type Overlay = (flag: FlagDefinition) => string | undefined;

export function compileOverlay(switches: Snapshot['switches']): Overlay {
  const active = Object.values(switches).sort((one, other) => (one.key < other.key ? -1 : 1));
  const global = active.find(({ scope }) => scope === 'global')?.key;
  if (global !== undefined) return () => global;
  const services = firstByName(active, 'service');
  const features = firstByName(active, 'feature');
  if (services.size === 0 && features.size === 0) return () => undefined;
  return (flag) => {
    const ofServices = flag.services.flatMap((service) => services.get(service) ?? []).sort();
    return ofServices[0] ?? features.get(flag.key);
  };
}

function firstByName(active: readonly SwitchDefinition[], scope: SwitchDefinition['scope']): Map<string, string> {
  const found = new Map<string, string>();
  for (const { key, scope: its, affects } of active) {
    if (its !== scope) continue;
    for (const name of affects) if (!found.has(name)) found.set(name, key);
  }
  return found;
}
