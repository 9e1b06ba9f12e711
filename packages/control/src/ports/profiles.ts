import type { Json } from '@spillway/evaluator';

/** What is known of one user. No configuration, so not in the log: it is written over, and gone when it is deleted. */
export interface Profile {
  readonly key: string;
  readonly attributes: Readonly<Record<string, Json>>;
  readonly updated_at_ms: number;
}

/** Where a profile stands among all: evenly spread and independent of what it says, so that the lowest are a fair sample. */
export interface RankedProfile extends Profile {
  readonly rank: number;
}

export interface ProfilePage {
  /** Exclusive. */
  readonly after?: string;
  /** Only keys that begin so. */
  readonly prefix?: string;
  readonly limit: number;
}

export interface Profiles {
  /** Makes those that are not there and writes over those that are; of two for one key, the later stays. */
  put(project: string, profiles: readonly RankedProfile[]): Promise<void>;
  read(project: string, key: string): Promise<Profile | undefined>;
  /** Ordered by the bytes of the key. */
  list(project: string, page: ProfilePage): Promise<readonly Profile[]>;
  /** Ordered by rank, then by the bytes of the key; those after `after`. */
  byRank(
    project: string,
    page: { readonly after?: { readonly rank: number; readonly key: string }; readonly limit: number },
  ): Promise<readonly RankedProfile[]>;
  count(project: string): Promise<number>;
  /** Whether there was one. */
  remove(project: string, key: string): Promise<boolean>;
}
