import type { Answer, Call } from '../call.ts';
import type { CollectionTerms } from '../contexts/collector.ts';
import type { SentContext } from '../contexts/keep.ts';
import type { Configurations } from './configurations.ts';

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
    /** Absent: the application did not say it. */
    readonly configurations?: Configurations;
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
  /** Which configurations each variant came from, as far as applications said it. */
  readonly configurations: Readonly<Record<string, Configurations>>;
  readonly unique_users: UniqueUsers;
  /** Events `flag_evaluated` of the last 30 days by variant, and their different users. */
  readonly exposures: Readonly<Record<string, { readonly events: number; readonly users: number }>>;
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

export interface ObservationUseCases {
  /** What an application's SDK has answered since it last said so. */
  summarise(call: Call, summary: Summary): Answer<Counted>;
  /** How often the flag was answered lately, by environment; all of them unless one is named. */
  usage(call: Call, key: string, environment?: string): Answer<UsageReport>;
  /** Of several flags at once, how often they were answered lately and when last. Flags that are not there are left out. */
  activity(call: Call, flags: readonly string[]): Answer<ActivityReport>;
}
