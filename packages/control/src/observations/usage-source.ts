import type { EnvironmentUsage, FlagUsage } from '@spillway/core';
import { createPace, LONGEST_TURN_MS } from '../pacing/pace.ts';
import type { Clock, Served, Store, UsageSource } from '../ports/index.ts';
import { KEPT_MS } from './tally.ts';

/** Sums over a month of hours cost time, and nobody needs them by the second. */
const FRESH_MS = 60_000;
/** Of all time, no more than one part in so many goes into summing. */
const LEAST_REST = 50;
const HOUR_MS = 3_600_000;
const MOST_AT_ONCE = 128;
/** What is remembered of flags that are gone is forgotten with everything else. */
const MOST_KNOWN = 50_000;

export interface UsageSourceDeps {
  readonly store: Store;
  readonly project: string;
  readonly clock: Clock;
}

interface Read {
  readonly at_ms: number;
  /** Undefined: never evaluated. */
  readonly usage: FlagUsage | undefined;
}

/**
 * What was counted of each flag, summed some flags at a time and at most once a minute; less often where it takes long.
 * Counts are kept for `KEPT_MS`, so what is older is not known.
 */
export function createUsageSource({ store, project, clock }: UsageSourceDeps): UsageSource {
  const known = new Map<string, Read>();
  let fresh_ms = FRESH_MS;
  let atOnce = 1;
  let reading: Promise<void> = Promise.resolve();

  function isFresh(flag: string): boolean {
    const read = known.get(flag);
    return read !== undefined && clock.monotonic() - read.at_ms <= fresh_ms;
  }

  async function readSome(flags: readonly string[], since_ms: number): Promise<number> {
    const began = clock.monotonic();
    const from_ms = Math.floor(clock.now()) - KEPT_MS;
    const used = byFlag(await store.observations.used(project, flags, { from_ms, since_ms }));
    for (const flag of flags) known.set(flag, { at_ms: began, usage: used.get(flag) });
    const took = clock.monotonic() - began;
    atOnce = took > LONGEST_TURN_MS ? Math.max(1, atOnce / 2) : Math.min(MOST_AT_ONCE, atOnce * 2);
    return took;
  }

  async function readAgain(flags: readonly string[], since_ms: number): Promise<void> {
    if (known.size > MOST_KNOWN) known.clear();
    const wanted = flags.filter((flag) => !isFresh(flag));
    if (wanted.length === 0) return;
    const pace = createPace(clock);
    let took = 0;
    for (let start = 0; start < wanted.length; ) {
      const some = wanted.slice(start, start + atOnce);
      start += some.length;
      took += await readSome(some, since_ms);
      await pace();
    }
    const all = (took / wanted.length) * known.size;
    fresh_ms = Math.min(Math.max(FRESH_MS, LEAST_REST * all), HOUR_MS);
  }

  return {
    async usageOf(flags, since_ms) {
      const counted_since_ms = await store.observations.earliest(project);
      if (counted_since_ms === undefined) return { flags: new Map() };
      // One after the other, so that those who ask for the same read it once.
      const done = reading.then(() => readAgain(flags, Math.floor(since_ms / HOUR_MS) * HOUR_MS));
      reading = done.catch(() => undefined);
      await done;
      return { counted_since_ms, flags: usages(flags) };
    },
  };

  function usages(flags: readonly string[]): ReadonlyMap<string, FlagUsage> {
    const found = new Map<string, FlagUsage>();
    for (const flag of flags) {
      const usage = known.get(flag)?.usage;
      if (usage !== undefined) found.set(flag, usage);
    }
    return found;
  }
}

function byFlag(used: readonly Served[]): ReadonlyMap<string, FlagUsage> {
  const flags = new Map<string, { last_evaluated_at_ms: number; environments: Record<string, EnvironmentUsage> }>();
  for (const { flag, environment, variant, evaluations, last_ms } of used) {
    const known = flags.get(flag) ?? { last_evaluated_at_ms: last_ms, environments: {} };
    flags.set(flag, known);
    known.last_evaluated_at_ms = Math.max(known.last_evaluated_at_ms, last_ms);
    // What was counted before is only good for when it was.
    if (evaluations === 0) continue;
    const before = known.environments[environment];
    known.environments[environment] = {
      last_evaluated_at_ms: Math.max(before?.last_evaluated_at_ms ?? 0, last_ms),
      variants: { ...before?.variants, ...(variant === null ? {} : { [variant]: evaluations }) },
    };
  }
  return flags;
}
