import type { FlagUsage } from '@spillway/core';

/** What was counted of evaluations. */
export interface UsageSource {
  /** Counts since `since_ms`; flags that were never evaluated are left out. */
  usageOf(flags: readonly string[], since_ms: number): Promise<Usage>;
}

export interface Usage {
  /** Since when evaluations are counted at all; absent: they are not. */
  readonly counted_since_ms?: number;
  readonly flags: ReadonlyMap<string, FlagUsage>;
}
