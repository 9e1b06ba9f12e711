/** How often something may happen: so many times a second in the long run, `burst` times at once. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

export interface Buckets {
  /** Takes one from the bucket of this name: 0, or the milliseconds until there is one again; then nothing was taken. */
  take(name: string, nowMs: number): number;
  readonly size: number;
}

/**
 * Token buckets, one for each name. Of a bucket only the moment is kept at which it is full again, and of at most `most`
 * names: who has not been heard of for longest begins anew.
 */
export function createBuckets({ perSecond, burst }: Rate, most: number): Buckets {
  const everyMs = 1_000 / perSecond;
  /** In the order in which they were last taken from. */
  const fullAt = new Map<string, number>();

  return {
    take(name, nowMs) {
      const full = Math.max(fullAt.get(name) ?? 0, nowMs);
      const wait = full - nowMs - (burst - 1) * everyMs;
      if (wait > 0) return wait;
      fullAt.delete(name);
      if (fullAt.size >= most) forgetOldest(fullAt);
      fullAt.set(name, full + everyMs);
      return 0;
    },
    get size() {
      return fullAt.size;
    },
  };
}

function forgetOldest(names: Map<string, unknown>): void {
  for (const name of names.keys()) {
    names.delete(name);
    return;
  }
}
