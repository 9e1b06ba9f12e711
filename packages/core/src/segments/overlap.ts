/** Looked at together; each more doubles the combinations. */
export const MAX_OVERLAPPING = 8;

export interface Overlap {
  readonly segments: readonly { readonly segment: string; readonly count: number; readonly percentage: number }[];
  readonly pairs: readonly OverlapPair[];
  /** Who belongs to exactly these; only combinations that somebody has, the most frequent first. */
  readonly combinations: readonly OverlapCount[];
  /** Who belongs to none of them. */
  readonly none: number;
}

export interface OverlapCount {
  readonly segments: readonly string[];
  readonly count: number;
  /** Of all that were looked at. */
  readonly percentage: number;
}

export interface OverlapPair extends OverlapCount {
  /** What part of each of the two the common members are, in percent; `null` of an empty segment. */
  readonly percentage_of_each: readonly (number | null)[];
}

/**
 * How segments overlap. `counts[mask]` is how many belong to exactly the segments whose bits are set, the first having the
 * lowest.
 */
export function overlapOf(segments: readonly string[], counts: readonly number[]): Overlap {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const withAll = (bits: number) =>
    counts.reduce((sum, count, mask) => ((mask & bits) === bits ? sum + count : sum), 0);
  const sizes = segments.map((_, index) => withAll(1 << index));
  const pairs = segments.flatMap((one, first) =>
    segments.slice(first + 1).map((other, offset): OverlapPair => {
      const second = first + 1 + offset;
      const count = withAll((1 << first) | (1 << second));
      const each = [sizes[first] ?? 0, sizes[second] ?? 0];
      return {
        segments: [one, other],
        count,
        percentage: percent(count, total) ?? 0,
        percentage_of_each: each.map((size) => percent(count, size)),
      };
    }),
  );
  const combinations = counts
    .map((count, mask) => ({ count, mask }))
    .filter(({ count, mask }) => count > 0 && mask > 0)
    .sort((one, other) => other.count - one.count || one.mask - other.mask)
    .map(({ count, mask }) => ({
      segments: segments.filter((_, index) => (mask & (1 << index)) !== 0),
      count,
      percentage: percent(count, total) ?? 0,
    }));
  return {
    segments: segments.map((segment, index) => {
      return { segment, count: sizes[index] ?? 0, percentage: percent(sizes[index] ?? 0, total) ?? 0 };
    }),
    pairs,
    combinations,
    none: counts[0] ?? 0,
  };
}

/** With two decimals. */
function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part * 10_000) / whole) / 100;
}
