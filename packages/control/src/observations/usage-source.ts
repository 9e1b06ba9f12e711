import type { EnvironmentUsage, FlagUsage } from '@spillway/core';
import type { Clock, Served, Store, Usage, UsageSource } from '../ports/index.ts';
import { KEPT_MS } from './tally.ts';

/** Sums over a month of hours cost time, and nobody needs them by the second. */
const FRESH_MS = 60_000;
const HOUR_MS = 3_600_000;

export interface UsageSourceDeps {
  readonly store: Store;
  readonly project: string;
  readonly clock: Clock;
}

interface Sums {
  readonly since_ms: number;
  readonly read_at_ms: number;
  readonly usage: Promise<Usage>;
}

/** What was counted of each flag, summed at most once a minute. Counts are kept for `KEPT_MS`, so what is older is not known. */
export function createUsageSource({ store, project, clock }: UsageSourceDeps): UsageSource {
  let sums: Sums | undefined;

  async function sum(since_ms: number): Promise<Usage> {
    const earliest = await store.observations.earliest(project);
    if (earliest === undefined) return { flags: new Map() };
    const recent = await store.observations.served(project, since_ms);
    const kept = await store.observations.served(project, Math.floor(clock.now()) - KEPT_MS);
    return { counted_since_ms: earliest, flags: byFlag(recent, kept) };
  }

  return {
    async usageOf(_flags, since_ms) {
      const hour = Math.floor(since_ms / HOUR_MS) * HOUR_MS;
      const now = clock.monotonic();
      if (sums === undefined || sums.since_ms !== hour || now - sums.read_at_ms > FRESH_MS) {
        const usage = sum(hour);
        sums = { since_ms: hour, read_at_ms: now, usage };
        usage.catch(() => {
          sums = undefined;
        });
      }
      return sums.usage;
    },
  };
}

function byFlag(recent: readonly Served[], kept: readonly Served[]): ReadonlyMap<string, FlagUsage> {
  const flags = new Map<string, { last_evaluated_at_ms: number; environments: Record<string, EnvironmentUsage> }>();
  for (const { flag, last_ms } of kept) {
    const known = flags.get(flag);
    if (known === undefined) flags.set(flag, { last_evaluated_at_ms: last_ms, environments: {} });
    else known.last_evaluated_at_ms = Math.max(known.last_evaluated_at_ms, last_ms);
  }
  for (const { flag, environment, variant, evaluations, last_ms } of recent) {
    const known = flags.get(flag);
    if (known === undefined) continue;
    const before = known.environments[environment];
    known.environments[environment] = {
      last_evaluated_at_ms: Math.max(before?.last_evaluated_at_ms ?? 0, last_ms),
      variants: { ...before?.variants, ...(variant === null ? {} : { [variant]: evaluations }) },
    };
  }
  return flags;
}
