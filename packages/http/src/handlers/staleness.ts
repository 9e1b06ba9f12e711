import type { Staleness } from '@spillway/core';

/** Times outside are text. */
export function shownStaleness(stale: Staleness | null) {
  return stale === null ? null : { reason: stale.reason, since: new Date(stale.since_ms).toISOString() };
}
