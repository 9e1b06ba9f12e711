import { useState } from 'react';
import type { Environment } from '../../../documents.ts';
import { preferredEnvironment } from '../../../live/preferred-environment.ts';

const STORAGE_KEY = 'spillway.list-environments';

/** Which environments somebody wants to see in the list, kept for the next visit; none means whatever there is room for. */
export function useWantedEnvironments(): readonly [readonly string[], (keys: readonly string[]) => void] {
  const [wanted, setWanted] = useState(stored);
  const want = (keys: readonly string[]) => {
    setWanted(keys);
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(keys));
    } catch {
      // Not kept for the next visit; this one still has it.
    }
  };
  return [wanted, want];
}

function stored(): readonly string[] {
  try {
    return readWanted(localStorage.getItem(STORAGE_KEY));
  } catch {
    return [];
  }
}

/** What was kept may be of another version, or of another hand. */
export function readWanted(text: string | null): readonly string[] {
  try {
    const keys: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [];
  } catch {
    return [];
  }
}

export interface Division {
  readonly shown: readonly Environment[];
  readonly others: readonly Environment[];
}

/** At most `room` of the environments, in their own order: the wanted ones, or those where users are before all others. */
export function divide(environments: readonly Environment[], wanted: readonly string[], room: number): Division {
  const asked = environments.filter(({ key }) => wanted.includes(key));
  const candidates = asked.length === 0 ? environments : asked;
  const preferred = preferredEnvironment(candidates);
  const rank = (one: Environment) => (one === preferred ? 0 : one.protected ? 1 : 2);
  const chosen = new Set(
    candidates
      .toSorted((one, other) => rank(one) - rank(other))
      .slice(0, room)
      .map(({ key }) => key),
  );
  return {
    shown: environments.filter(({ key }) => chosen.has(key)),
    others: environments.filter(({ key }) => !chosen.has(key)),
  };
}
