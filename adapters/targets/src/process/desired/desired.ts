import type { VersionSpec } from '@spillway/core';

/** All that is wanted of this machine, and the slots it is wanted in. */
export interface Desired {
  readonly versions: readonly DesiredVersion[];
  readonly slots: readonly Slot[];
}

export interface DesiredVersion {
  readonly service: string;
  readonly spec: VersionSpec;
}

/** A place for one instance: its id and port stay the same over restarts of the app and of the supervisor. */
export interface Slot {
  readonly id: string;
  readonly service: string;
  readonly version: string;
  readonly port: number;
  /** Not wanted any more; it stays listed until its process is gone. */
  readonly retiring?: { readonly grace_ms: number };
}

export const NOTHING_DESIRED: Desired = { versions: [], slots: [] };

export function findVersion(desired: Desired, service: string, version: string): DesiredVersion | undefined {
  return desired.versions.find((each) => each.service === service && each.spec.name === version);
}

/** The slots that count towards the version's instances. */
export function activeSlots(desired: Desired, service: string, version: string): readonly Slot[] {
  return desired.slots.filter(
    (slot) => slot.service === service && slot.version === version && slot.retiring === undefined,
  );
}

export function withVersion(desired: Desired, service: string, spec: VersionSpec, added: readonly Slot[]): Desired {
  const others = desired.versions.filter((each) => each.service !== service || each.spec.name !== spec.name);
  const surplus = activeSlots(desired, service, spec.name).slice(spec.instances);
  return {
    versions: [...others, { service, spec }],
    slots: [...retire(desired.slots, surplus, spec.grace_ms), ...added],
  };
}

export function withoutVersion(desired: Desired, service: string, version: string): Desired {
  const graceMs = findVersion(desired, service, version)?.spec.grace_ms ?? 0;
  return {
    versions: desired.versions.filter((each) => each.service !== service || each.spec.name !== version),
    slots: retire(desired.slots, activeSlots(desired, service, version), graceMs),
  };
}

export function withoutSlot(desired: Desired, id: string): Desired {
  return { ...desired, slots: desired.slots.filter((slot) => slot.id !== id) };
}

/** Whether both would run the same program the same way; how many and how they are checked may differ. */
export function isSameProgram(a: VersionSpec, b: VersionSpec): boolean {
  const program = ({ command, directory, env }: VersionSpec) =>
    JSON.stringify([command, directory ?? null, Object.entries(env).sort(([x], [y]) => (x < y ? -1 : 1))]);
  return program(a) === program(b);
}

export function isSameSpec(a: VersionSpec, b: VersionSpec): boolean {
  const rest = ({ instances, health, grace_ms }: VersionSpec) =>
    [instances, grace_ms, health.path, health.interval_ms, health.timeout_ms, health.start_timeout_ms].join(' ');
  return isSameProgram(a, b) && rest(a) === rest(b);
}

function retire(slots: readonly Slot[], leaving: readonly Slot[], graceMs: number): readonly Slot[] {
  return slots.map((slot) => (leaving.includes(slot) ? { ...slot, retiring: { grace_ms: graceMs } } : slot));
}
