import { SHARE_WHOLE } from '@spillway/evaluator';
import type { Flag, FlagEnvironment, FlagServe } from './flag.ts';
import { shareOf } from './shares.ts';

/** How long nothing must have happened before a flag is worth asking about. */
export const STALE_AFTER_MS = 30 * 24 * 3_600_000;

/** What was counted of a flag since a moment. */
export interface FlagUsage {
  /** Ever; absent: never. */
  readonly last_evaluated_at_ms?: number;
  readonly environments: Readonly<Record<string, EnvironmentUsage>>;
}

export interface EnvironmentUsage {
  readonly last_evaluated_at_ms?: number;
  /** How often each variant was served. */
  readonly variants: Readonly<Record<string, number>>;
}

export type StaleReason =
  | 'never_evaluated'
  | 'not_evaluated'
  | 'one_variant_only'
  | 'fully_rolled_out'
  | 'archived_but_referenced';

export interface Staleness {
  readonly reason: StaleReason;
  readonly since_ms: number;
}

export interface StalenessFacts {
  readonly changed_at_ms: number;
  /** What was counted over the last `STALE_AFTER_MS`; absent: nothing. */
  readonly usage?: FlagUsage;
  /** Since when evaluations are counted at all; absent: they are not, so nothing follows from there being none. */
  readonly counted_since_ms?: number;
  /** Whether code is known that asks for the flag. */
  readonly referenced: boolean;
}

/** Why a flag seems to have served its time, and since when; undefined for one that has not, or is meant to stay. */
export function stalenessOf(flag: Flag, facts: StalenessFacts, now: number): Staleness | undefined {
  const { changed_at_ms, counted_since_ms, usage } = facts;
  if (flag.permanent === true) return undefined;
  if (flag.lifecycle === 'archived') {
    return facts.referenced ? { reason: 'archived_but_referenced', since_ms: changed_at_ms } : undefined;
  }
  const start = now - STALE_AFTER_MS;
  if (changed_at_ms > start) return undefined;
  if (counted_since_ms !== undefined && counted_since_ms <= start) {
    const last = usage?.last_evaluated_at_ms;
    if (last === undefined) return { reason: 'never_evaluated', since_ms: Math.max(changed_at_ms, counted_since_ms) };
    if (last <= start) return { reason: 'not_evaluated', since_ms: last };
    if (variantsServed(usage).size === 1) {
      return { reason: 'one_variant_only', since_ms: Math.max(changed_at_ms, counted_since_ms) };
    }
  }
  return isFullyRolledOut(flag) ? { reason: 'fully_rolled_out', since_ms: changed_at_ms } : undefined;
}

function variantsServed(usage: FlagUsage | undefined): ReadonlySet<string> {
  const served = new Set<string>();
  for (const { variants } of Object.values(usage?.environments ?? {})) {
    for (const [variant, count] of Object.entries(variants)) if (count > 0) served.add(variant);
  }
  return served;
}

/** Whether everyone gets the same, wherever the flag says anything. */
function isFullyRolledOut({ environments, parent }: Flag): boolean {
  const states = Object.values(environments);
  const served = new Set(states.map((state) => (state.enabled ? constantOf(state) : undefined)));
  return parent === undefined && served.size === 1 && !served.has(undefined);
}

function constantOf({ targets, rules, prerequisites = [], fallthrough }: FlagEnvironment): string | undefined {
  if (targets.some(({ keys }) => keys.length > 0) || rules.length > 0 || prerequisites.length > 0) return undefined;
  return wholeOf(fallthrough);
}

function wholeOf(serve: FlagServe): string | undefined {
  if ('variant' in serve) return serve.variant;
  if (!('split' in serve)) return undefined;
  return serve.split.find(({ percentage }) => shareOf(percentage) === SHARE_WHOLE)?.variant;
}
