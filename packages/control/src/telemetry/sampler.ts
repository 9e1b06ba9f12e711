import { type MetricReading, sampleBetween } from '@spillway/core';
import { quantile } from '@spillway/statistics';
import type { SeriesPoint } from '../control.ts';
import { allDocuments } from '../documents/list.ts';
import { createStopSignal } from '../feed/stop-signal.ts';
import type { Clock, Log, MetricSource, Router, Store } from '../ports/index.ts';
import { OBSERVE_TIMEOUT_MS, within } from '../rollouts/patience.ts';
import { sharesOf } from '../rollouts/route.ts';
import { serviceId } from '../services/service-id.ts';

/** One point per version and second. */
export const SAMPLE_INTERVAL_MS = 1_000;
/** How far back the series goes. It is for plots of what happens now; the log keeps what was decided. */
export const SERIES_SPAN_MS = 15 * 60_000;
/** Versions of one service that are drawn; more than a rollout ever has at once. */
const VERSIONS_MAX = 16;

export interface SamplerDeps {
  readonly store: Store;
  readonly project: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: MetricSource;
  readonly router: Router;
}

export interface Sampler {
  /** Points of one service (`environment/key`) after `since_ms`, oldest first. */
  series(service: string, since_ms?: number): readonly SeriesPoint[];
  start(): void;
  stop(): Promise<void>;
}

interface Track {
  last?: MetricReading;
  readonly points: SeriesPoint[];
  reading: boolean;
}

/** Turns the services' growing counters into points per second, in memory. */
export function createSampler(deps: SamplerDeps): Sampler {
  const stopping = createStopSignal();
  const tracks = new Map<string, Track>();
  let running: Promise<void> = Promise.resolve();

  async function sample(id: string, track: Track): Promise<void> {
    if (track.reading) return;
    track.reading = true;
    try {
      const see = <T>(look: () => Promise<T>) => within(deps.clock, OBSERVE_TIMEOUT_MS, look);
      const [reading, route] = await Promise.all([
        see(() => deps.metrics.read(id)),
        see(() => deps.router.observe(id)),
      ]);
      if (track.last !== undefined) track.points.push(...pointsBetween(track.last, reading, sharesOf(route)));
      track.last = reading;
      dropBefore(track.points, reading.at_ms - SERIES_SPAN_MS);
    } catch (error) {
      deps.log.warn({ err: error, service: id }, 'A service could not be sampled; its series has a gap');
    } finally {
      track.reading = false;
    }
  }

  async function look(): Promise<void> {
    const known = new Set<string>();
    for await (const { document } of allDocuments(deps, 'services')) {
      const id = serviceId(document.environment, document.key);
      known.add(id);
      if (document.live === undefined && Object.keys(document.versions).length === 0) continue;
      const track = tracks.get(id) ?? { points: [], reading: false };
      tracks.set(id, track);
      void sample(id, track);
    }
    for (const id of tracks.keys()) if (!known.has(id)) tracks.delete(id);
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await look().catch((error: unknown) =>
        deps.log.warn({ err: error }, 'Services could not be listed for sampling'),
      );
      await deps.clock.sleep(SAMPLE_INTERVAL_MS, stopping.signal);
    }
  }

  return {
    series(service, since_ms = Number.NEGATIVE_INFINITY) {
      return (tracks.get(service)?.points ?? []).filter((point) => point.at_ms > since_ms);
    },
    start() {
      running = run();
    },
    async stop() {
      stopping.stop();
      await running;
    },
  };
}

/** A version that neither has a share nor did anything is not drawn. */
export function pointsBetween(
  older: MetricReading,
  newer: MetricReading,
  shares: Readonly<Record<string, number>>,
): SeriesPoint[] {
  const versions = [...new Set([...Object.keys(shares), ...Object.keys(newer.versions)])].slice(0, VERSIONS_MAX);
  return versions.flatMap((version) => {
    const { requests, errors, latency } = sampleBetween(older, newer, version);
    const in_flight = newer.versions[version]?.in_flight ?? 0;
    const share = shares[version] ?? 0;
    if (requests === 0 && in_flight === 0 && share === 0) return [];
    const [p50_ms, p95_ms] = [quantile(latency, 0.5), quantile(latency, 0.95)];
    return [{ at_ms: newer.at_ms, version, requests, errors, p50_ms, p95_ms, in_flight, share }];
  });
}

function dropBefore(points: SeriesPoint[], at_ms: number): void {
  const first = points.findIndex((point) => point.at_ms >= at_ms);
  points.splice(0, first === -1 ? points.length : first);
}
