import { difference } from '@spillway/statistics';
import type { MetricReading, VersionCounters } from './observation.ts';

/** What one version did between two readings. */
export interface Sample {
  readonly requests: number;
  readonly errors: number;
  readonly latency: Readonly<Record<string, number>>;
}

const NOTHING: VersionCounters = { requests: 0, errors: 0, latency: {}, in_flight: 0 };

/** Counters only grow within an epoch; a source that began anew has counted everything since from zero. */
export function sampleBetween(older: MetricReading, newer: MetricReading, version: string): Sample {
  const after = newer.versions[version] ?? NOTHING;
  const before = older.epoch === newer.epoch ? (older.versions[version] ?? NOTHING) : NOTHING;
  return {
    requests: Math.max(0, after.requests - before.requests),
    errors: Math.max(0, after.errors - before.errors),
    latency: difference(after.latency, before.latency),
  };
}

/** Only the versions a stage compares: what is stored with it must stay small. */
export function readingOf(reading: MetricReading, versions: readonly (string | undefined)[]): MetricReading {
  const kept: Record<string, VersionCounters> = {};
  for (const version of versions) {
    const counters = version === undefined ? undefined : reading.versions[version];
    if (version !== undefined && counters !== undefined) kept[version] = counters;
  }
  return { epoch: reading.epoch, at_ms: reading.at_ms, versions: kept };
}
