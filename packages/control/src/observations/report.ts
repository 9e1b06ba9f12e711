import type { CollectionTerms } from '../contexts/collector.ts';
import type { SentContext } from '../contexts/keep.ts';

export interface Counted {
  /** How many of the counts were of flags that there are. */
  readonly counted: number;
  /** Sketches of users are taken. */
  readonly unique_users?: true;
  /** What the SDK may tell of contexts from now on; absent: nothing. */
  readonly contexts?: CollectionTerms;
}

export interface Summary {
  readonly to_ms: number;
  readonly counts: readonly {
    readonly flag: string;
    /** Null where the answer was none of the flag's variants. */
    readonly variant: string | null;
    readonly reason: string;
    readonly count: number;
  }[];
  readonly users?: readonly SentUsers[];
  readonly contexts?: {
    readonly recent_contexts: 'hashed' | 'full';
    readonly items: readonly SentContext[];
  };
}

/** Whom a flag gave one variant, as a sketch. */
export interface SentUsers {
  readonly flag: string;
  readonly variant: string | null;
  readonly sketch: string;
}

export interface ActivityReport {
  /** Where the first part begins. */
  readonly from: string;
  readonly part_ms: number;
  readonly flags: Readonly<Record<string, FlagActivity>>;
}

export interface FlagActivity {
  /** Within the last weeks, in any environment; null when nobody asked. */
  readonly last_evaluated_at: string | null;
  /** Answers per part, the oldest first; the last one is still going on. */
  readonly parts: readonly number[];
}

export interface UsageReport {
  /** When the log first told of a flag with this key. */
  readonly created_at: string | null;
  readonly environments: Readonly<Record<string, UsageIn>>;
}

export interface UsageIn {
  readonly evaluations: number;
  readonly last_evaluated_at: string | null;
  readonly variants: Readonly<Record<string, number>>;
  readonly unique_users: UniqueUsers;
  /** By the hour; hours in which nobody asked are left out. */
  readonly series: readonly { readonly at: string; readonly counts: Readonly<Record<string, number>> }[];
}

/** How many different users were answered: estimates. */
export interface UniqueUsers {
  /** Of each estimate, relative to it: one standard deviation. */
  readonly standard_error: number;
  /** By the hour, the present one included. */
  readonly last_24_hours: UniqueUsersSince;
  /** By the day in UTC, today included. */
  readonly last_7_days: UniqueUsersSince;
  readonly last_35_days: UniqueUsersSince;
}

export interface UniqueUsersSince {
  readonly from: string;
  /** Who got several variants counts once. */
  readonly total: number;
  readonly variants: Readonly<Record<string, number>>;
}
