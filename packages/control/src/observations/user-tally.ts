import { countingSettings } from '@spillway/core';
import { hashUser, type UserSeeds, userHash, userSeedsOf } from '@spillway/evaluator';
import { emptyRegisters, mergeInto, observe, type Registers, writeSketch } from '@spillway/statistics';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import type { Clock, Log, Store, UserSketch } from '../ports/index.ts';
import { HOUR_MS, KEPT_MS } from './tally.ts';

export const DAY_MS = 24 * HOUR_MS;
/** Enough for a day that ends now, and for what comes late. */
export const HOURS_KEPT_MS = 2 * DAY_MS;
/** Variants whose users wait to be written; each takes two kilobytes. Of more, users are not told apart. */
export const MAX_SKETCHES = 10_000;

export interface Variant {
  readonly flag: string;
  readonly variant: string | null;
}

/** Whom one variant was given to since it was last taken. */
export interface VariantUsers {
  meet(user: string): void;
  merge(registers: Registers): void;
}

/** Gathers in memory whom variants were given to, so that it is written in batches. */
export interface UserTally {
  /** Undefined where there is no room to tell users apart, or the environment does not want it. */
  of(environment: string, variant: Variant, at_ms: number): VariantUsers | undefined;
  /** What was gathered since the last time; whoever is met from now on is gathered anew. */
  take(): readonly UserSketch[];
  put(sketches: readonly UserSketch[]): Promise<void>;
  /** Forgets what is old. */
  forget(): Promise<void>;
}

interface Gathered extends Variant {
  readonly environment: string;
  readonly hour_ms: number;
  readonly registers: Registers;
  readonly users: VariantUsers;
}

export interface UserTallyDeps {
  readonly store: Store;
  readonly project: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly environments: Pick<EnvironmentDirectory, 'get'>;
}

export function createUserTally({ store, project, clock, log, environments }: UserTallyDeps): UserTally {
  const isWanted = (environment: string) => countingSettings(environments.get(environment) ?? {}).unique_users;
  let gathered = new Map<string, Gathered>();
  return {
    of(environment, { flag, variant }, at_ms) {
      if (!isWanted(environment)) return undefined;
      const hour_ms = Math.floor(at_ms / HOUR_MS) * HOUR_MS;
      const id = `${environment}\0${flag}\0${variant ?? ''}\0${hour_ms}`;
      const known = gathered.get(id);
      if (known !== undefined || gathered.size >= MAX_SKETCHES) return known?.users;
      const registers = emptyRegisters();
      const users = usersIn(registers, userSeedsOf(flag));
      gathered.set(id, { environment, flag, variant, hour_ms, registers, users });
      return users;
    },
    take() {
      // Whom a sketch met before its environment was told not to is not kept either.
      const taken = [...gathered.values()].filter(({ environment }) => isWanted(environment)).flatMap(partsOf);
      gathered = new Map();
      return taken;
    },
    async put(sketches) {
      try {
        if (sketches.length > 0) await store.userSketches.merge(project, sketches);
      } catch (error) {
        log.warn({ err: error, sketches: sketches.length }, 'Sketches of users were not written and are lost');
      }
    },
    async forget() {
      const now = Math.floor(clock.now());
      await store.userSketches.forget(project, { hour_ms: now - HOURS_KEPT_MS, day_ms: now - KEPT_MS - DAY_MS });
    },
  };
}

function usersIn(registers: Registers, seeds: UserSeeds): VariantUsers {
  return {
    meet(user) {
      hashUser(user, seeds);
      observe(registers, userHash[0] ?? 0, userHash[1] ?? 0);
    },
    merge: (others) => void mergeInto(registers, others),
  };
}

/** A day is kept as one: sketches of its hours would be a hundred times what the days are. */
function partsOf({ environment, flag, variant, hour_ms, registers }: Gathered): readonly UserSketch[] {
  const sketch = writeSketch(registers);
  const day_ms = hour_ms - (hour_ms % DAY_MS);
  return [
    { environment, flag, variant, part: 'hour', at_ms: hour_ms, sketch },
    { environment, flag, variant, part: 'day', at_ms: day_ms, sketch },
  ];
}
