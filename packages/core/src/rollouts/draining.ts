import type { StageView } from './stage-view.ts';

/**
 * How long a version without traffic share may go on answering requests it already has before it is told to stop. Stopping
 * is graceful itself, so a connection that never ends delays nothing but this.
 */
export const DRAIN_LIMIT_MS = 10_000;

/** Nothing is sent to the version any more and its requests are over, or have been given their time. */
export function isDrained(view: StageView, version: string): boolean {
  const since = view.state.traffic?.confirmed_at_ms;
  if (since === undefined) return false;
  if (view.now - since >= DRAIN_LIMIT_MS) return true;
  const { metrics } = view.seen;
  return metrics !== 'unknown' && metrics.at_ms >= since && (metrics.versions[version]?.in_flight ?? 0) === 0;
}
