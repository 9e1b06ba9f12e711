import type { SeriesPoint } from '../../documents.ts';

/** What one version did in each interval; `null` where nothing was seen. */
export interface VersionSeries {
  readonly requestsPerSecond: readonly (number | null)[];
  readonly errorPercentage: readonly (number | null)[];
  readonly p95Ms: readonly (number | null)[];
}

export interface PlotData {
  /** Ends of the intervals, seconds since the epoch, rising. */
  readonly times: readonly number[];
  readonly canary: VersionSeries;
  readonly stable: VersionSeries;
}

const KEPT_MS = 15 * 60_000;
const MAX_INTERVALS = 180;
const MIN_INTERVAL_MS = 2_000;

/** What was read before, with what is new; each second of each version once, the oldest forgotten. */
export function mergeSeries(known: readonly SeriesPoint[], more: readonly SeriesPoint[]): readonly SeriesPoint[] {
  const byPlace = new Map<string, SeriesPoint>();
  for (const point of [...known, ...more]) byPlace.set(`${point.at_ms} ${point.version}`, point);
  const points = [...byPlace.values()].sort((a, b) => a.at_ms - b.at_ms);
  const newest = points.at(-1)?.at_ms ?? 0;
  return points.filter((point) => newest - point.at_ms <= KEPT_MS);
}

/**
 * Seconds gathered into at most 180 equal intervals. Requests and errors are added up before they are divided; of p95,
 * which cannot be averaged, the worst second of the interval is shown.
 */
export function plotData(points: readonly SeriesPoint[], canary: string, stable: string | undefined): PlotData {
  const first = points[0]?.at_ms ?? 0;
  const last = points.at(-1)?.at_ms ?? 0;
  const intervalMs = Math.max(MIN_INTERVAL_MS, Math.ceil((last - first) / MAX_INTERVALS / 1_000) * 1_000);
  const slot = (atMs: number) => Math.floor(atMs / intervalMs);
  const slots = points.length === 0 ? [] : range(slot(first), slot(last));
  const of = (version: string | undefined) =>
    gather(
      points.filter((point) => point.version === version),
      slots,
      slot,
      intervalMs,
    );
  return {
    times: slots.map((index) => ((index + 1) * intervalMs) / 1_000),
    canary: of(canary),
    stable: of(stable),
  };
}

function gather(
  points: readonly SeriesPoint[],
  slots: readonly number[],
  slot: (atMs: number) => number,
  intervalMs: number,
): VersionSeries {
  const bySlot = Map.groupBy(points, (point) => slot(point.at_ms));
  const each = slots.map((index) => {
    const inside = bySlot.get(index);
    if (inside === undefined) return { requests: null, errors: null, p95: null };
    const requests = inside.reduce((sum, point) => sum + point.requests, 0);
    const errors = inside.reduce((sum, point) => sum + point.errors, 0);
    const latencies = inside.flatMap((point) => (point.p95_ms === null ? [] : [point.p95_ms]));
    // The newest interval may not be over yet: divide by the seconds it has.
    const seconds = Math.min(intervalMs / 1_000, new Set(inside.map((point) => Math.floor(point.at_ms / 1_000))).size);
    return {
      requests: requests / seconds,
      errors: requests === 0 ? null : (errors / requests) * 100,
      p95: latencies.length === 0 ? null : Math.max(...latencies),
    };
  });
  return {
    requestsPerSecond: each.map((interval) => interval.requests),
    errorPercentage: each.map((interval) => interval.errors),
    p95Ms: each.map((interval) => interval.p95),
  };
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** How far the axis must reach: a limit is on it unless it would press the data flat against the bottom. */
export function axisTop(data: readonly (readonly (number | null)[])[], limit: number | undefined): number {
  const highest = Math.max(0, ...data.flat().flatMap((value) => (value === null ? [] : [value])));
  const wanted = limit !== undefined && (highest === 0 || limit <= highest * 8) ? Math.max(highest, limit) : highest;
  return wanted === 0 ? 1 : wanted * 1.15;
}
