import { isInCycle } from '../cycles.ts';
import type { Snapshot } from '../snapshot.ts';
import { flagsAskedBy } from './references.ts';

/** How many evaluations one flag may come to when each prerequisite is written out: bounds the work of asking it. */
export const MAX_PREREQUISITE_WEIGHT = 256;

/**
 * What is wrong with the flags that flags ask, by flag: that they lead back to it, or that they are too many. A flag that
 * merely asks such a flag is not at fault; it asks one that answers ERROR.
 */
export function prerequisiteFaults(flags: Snapshot['flags']): ReadonlyMap<string, string> {
  const required = requiredBy(flags);
  const faults = new Map<string, string>();
  if (required.size === 0) return faults;
  const waiting = new Map<string, number>();
  const dependants = new Map<string, string[]>();
  for (const [key, requirements] of required) {
    const open = requirements.filter((requirement) => required.has(requirement));
    waiting.set(key, open.length);
    for (const requirement of open) dependants.set(requirement, [...(dependants.get(requirement) ?? []), key]);
  }
  const weights = new Map<string, number>();
  const ready = [...required.keys()].filter((key) => waiting.get(key) === 0);
  const weighReady = () => {
    for (let key = ready.pop(); key !== undefined; key = ready.pop()) {
      if (!faults.has(key)) weigh(key, required.get(key) ?? [], weights, faults);
      for (const dependant of dependants.get(key) ?? []) {
        const left = (waiting.get(dependant) ?? 0) - 1;
        waiting.set(dependant, left);
        if (left === 0 && !faults.has(dependant)) ready.push(dependant);
      }
    }
  };
  weighReady();
  // What still waits is in a cycle, or requires one that is.
  const stuck = [...required.keys()].filter((key) => (waiting.get(key) ?? 0) > 0);
  const cyclic = stuck.filter((key) => isInCycle(key, (of) => required.get(of) ?? []));
  for (const key of cyclic) faults.set(key, `the flags that ${key} asks lead back to it`);
  ready.push(...cyclic);
  weighReady();
  return faults;
}

function requiredBy(flags: Snapshot['flags']): ReadonlyMap<string, readonly string[]> {
  const required = new Map<string, readonly string[]>();
  for (const [key, flag] of Object.entries(flags)) {
    const asked = flagsAskedBy(flag);
    if (asked.length > 0) required.set(key, asked);
  }
  return required;
}

function weigh(key: string, required: readonly string[], weights: Map<string, number>, faults: Map<string, string>) {
  const weight = required.reduce((sum, requirement) => sum + (weights.get(requirement) ?? 1), 1);
  if (weight <= MAX_PREREQUISITE_WEIGHT) weights.set(key, weight);
  else faults.set(key, `the flags that ${key} asks come to more than ${MAX_PREREQUISITE_WEIGHT} flags`);
}
