import { STALE_AFTER_MS } from '@spillway/core';
import type { FlagDirectory } from '../flags/directory.ts';
import type { Clock, FlagPart, Store, UsageSource } from '../ports/index.ts';
import type { ActivityReport, FlagActivity } from './report.ts';
import { HOUR_MS } from './tally.ts';

const PART_MS = 6 * HOUR_MS;
/** A week, with its workdays and its weekend. */
const PARTS = 28;
/** Read at once; others get their turn in between. */
const FLAGS_AT_ONCE = 10;

export interface ActivityDeps {
  readonly store: Store;
  readonly project: string;
  readonly clock: Clock;
  readonly flags: Pick<FlagDirectory, 'flags'>;
  readonly usage: UsageSource;
}

/** How lively flags are, for a page of a list: a week by quarters of a day, and when each was last asked for. */
export async function activityOf(deps: ActivityDeps, asked: readonly string[]): Promise<ActivityReport> {
  const { store, project, clock } = deps;
  const now = clock.now();
  const since_ms = (Math.floor(now / PART_MS) + 1 - PARTS) * PART_MS;
  const keys = [...new Set(asked)].filter((key) => deps.flags.flags.has(key));
  const { flags: used } = await deps.usage.usageOf(keys, now - STALE_AFTER_MS);
  const found = new Map<string, FlagActivity>();
  for (let start = 0; start < keys.length; start += FLAGS_AT_ONCE) {
    if (start > 0) await clock.sleep(0);
    const some = keys.slice(start, start + FLAGS_AT_ONCE);
    const rows = await store.observations.inParts(project, some, { since_ms, part_ms: PART_MS });
    for (const key of some) {
      const own = rows.filter(({ flag }) => flag === key);
      found.set(key, activity(own, since_ms, used.get(key)?.last_evaluated_at_ms));
    }
  }
  return { from: new Date(since_ms).toISOString(), part_ms: PART_MS, flags: Object.fromEntries(found) };
}

function activity(rows: readonly FlagPart[], since_ms: number, earlier_ms: number | undefined): FlagActivity {
  const parts = Array.from({ length: PARTS }, () => 0);
  let last_ms = earlier_ms ?? 0;
  for (const { at_ms, evaluations, last_ms: last } of rows) {
    const part = (at_ms - since_ms) / PART_MS;
    if (part < PARTS) parts[part] = evaluations;
    last_ms = Math.max(last_ms, last);
  }
  return { last_evaluated_at: last_ms === 0 ? null : new Date(last_ms).toISOString(), parts };
}
