import { type Flag, STALE_AFTER_MS, type Staleness, stalenessOf } from '@spillway/core';
import type { LogTimes } from '../feed/log-times.ts';
import type { Clock, Usage, UsageSource } from '../ports/index.ts';
import type { ReferenceDirectory } from '../references/directory.ts';
import type { FlagDirectory } from './directory.ts';

/** Which flags have served their time. */
export interface StaleFlags {
  /** Of a few flags: which are stale, why and since when, by key. */
  of(flags: readonly Flag[]): Promise<ReadonlyMap<string, Staleness>>;
  /** Of many: which are stale. */
  among(flags: readonly Flag[]): Promise<ReadonlySet<string>>;
}

export interface StaleDeps {
  readonly clock: Clock;
  readonly flags: FlagDirectory;
  readonly references: ReferenceDirectory;
  readonly usage: UsageSource;
  readonly times: LogTimes;
}

export function createStaleFlags({ clock, flags, references, usage, times }: StaleDeps): StaleFlags {
  function judge(flag: Flag, changed_at_ms: number, { flags: used, counted_since_ms }: Usage, now: number) {
    const counted = used.get(flag.key);
    return stalenessOf(
      flag,
      {
        changed_at_ms,
        referenced: references.isReferenced(flag.key),
        ...(counted === undefined ? {} : { usage: counted }),
        ...(counted_since_ms === undefined ? {} : { counted_since_ms }),
      },
      now,
    );
  }

  const keysOf = (list: readonly Flag[]) => list.map(({ key }) => key);

  return {
    async of(list) {
      const now = clock.now();
      const changes = await times.ofAll(list.map(({ key }) => flags.changedAt(key)));
      const counted = await usage.usageOf(keysOf(list), now - STALE_AFTER_MS);
      const found = new Map<string, Staleness>();
      for (const flag of list) {
        const staleness = judge(flag, changes.get(flags.changedAt(flag.key)) ?? now, counted, now);
        if (staleness !== undefined) found.set(flag.key, staleness);
      }
      return found;
    },
    async among(list) {
      const now = clock.now();
      const start = now - STALE_AFTER_MS;
      // Whether a flag was changed before that moment is told by its entry's number, without reading each entry.
      const newest = await times.newestBefore(start);
      const counted = await usage.usageOf(keysOf(list), start);
      const stale = list.filter((flag) => {
        const changed = flags.changedAt(flag.key) <= newest ? start : now;
        return judge(flag, changed, counted, now) !== undefined;
      });
      return new Set(keysOf(stale));
    },
  };
}
