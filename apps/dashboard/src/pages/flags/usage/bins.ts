import type { EnvironmentUsage } from './queries.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How far back to look, and how long each of the parts is that are drawn. */
export const RANGES = [
  { id: '24h', label: '24 hours', parts: 24, partMs: HOUR_MS, part: 'hour', users: 'last_24_hours' },
  { id: '7d', label: '7 days', parts: 28, partMs: 6 * HOUR_MS, part: '6 hours', users: 'last_7_days' },
  { id: '35d', label: '35 days', parts: 35, partMs: DAY_MS, part: 'day', users: 'last_35_days' },
] as const;

export type Range = (typeof RANGES)[number];

export interface VariantUsage {
  readonly variant: string;
  /** Its place among the flag's variants; -1 of one that the flag no longer has. */
  readonly place: number;
  readonly total: number;
  /** Answers per part of the range, the oldest first. */
  readonly parts: readonly number[];
}

/** Answers per variant in the range that ends with the present hour: those the flag has, then those it had. */
export function variantUsage(
  series: EnvironmentUsage['series'],
  variants: readonly string[],
  { parts, partMs }: Pick<Range, 'parts' | 'partMs'>,
  nowMs: number,
): readonly VariantUsage[] {
  const end = (Math.floor(nowMs / HOUR_MS) + 1) * HOUR_MS;
  const start = end - parts * partMs;
  const empty = () => Array.from({ length: parts }, () => 0);
  const found = new Map(variants.map((variant) => [variant, empty()]));
  for (const { at, counts } of series) {
    const part = Math.floor((Date.parse(at) - start) / partMs);
    if (part < 0 || part >= parts) continue;
    for (const [variant, count] of Object.entries(counts)) {
      const counted = found.get(variant) ?? empty();
      counted[part] = (counted[part] ?? 0) + count;
      found.set(variant, counted);
    }
  }
  return [...found].map(([variant, counted]) => ({
    variant,
    place: variants.indexOf(variant),
    total: counted.reduce((sum, count) => sum + count, 0),
    parts: counted,
  }));
}

/** Counts are kept for so long. */
export const KEPT_DAYS = 35;

/** Whether it was made so lately that nobody can be expected to have asked for it all that time. */
export function isNew(createdAt: string | null, nowMs: number): boolean {
  return createdAt !== null && nowMs - Date.parse(createdAt) < KEPT_DAYS * DAY_MS;
}

/** The latest answer in any environment, in ms; undefined when none is known. */
export function lastEvaluated(environments: Readonly<Record<string, EnvironmentUsage>>): number | undefined {
  const moments = Object.values(environments).flatMap(({ last_evaluated_at: at }) =>
    at === null ? [] : [Date.parse(at)],
  );
  return moments.length === 0 ? undefined : Math.max(...moments);
}
