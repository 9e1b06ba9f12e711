import type { Json } from '@spillway/evaluator';

/** Whom an application asked for lately, as its SDK was allowed to tell. */
export interface RecentContext {
  /** The targeting key, or its keyed digest. */
  readonly key: string;
  /** Evenly spread and independent of the attributes, so that the lowest are a fair sample; never negative. */
  readonly rank: number;
  readonly attributes: Readonly<Record<string, Json>>;
  /** When it was asked for last; milliseconds since 1970. */
  readonly seen_ms: number;
}

export interface ContextsKept {
  readonly count: number;
  /** Null while there are none, as are the next two. */
  readonly oldest_ms: number | null;
  readonly newest_ms: number | null;
  readonly highest_rank: number | null;
}

/** Personal data perhaps: no part of the log, forgotten after a while, and gone when it is deleted. */
export interface Contexts {
  /** Writes over those with the same key, then keeps no more than the `most` with the lowest ranks. */
  put(project: string, environment: string, contexts: readonly RecentContext[], most: number): Promise<void>;
  /** Ordered by rank, then by the bytes of the key; those after `after`. */
  byRank(
    project: string,
    environment: string,
    page: { readonly after?: { readonly rank: number; readonly key: string }; readonly limit: number },
  ): Promise<readonly RecentContext[]>;
  kept(project: string, environment: string): Promise<ContextsKept>;
  /** Whether there was one. */
  remove(project: string, environment: string, key: string): Promise<boolean>;
  /** All of an environment and its salt; how many there were. */
  clear(project: string, environment: string): Promise<number>;
  /** Forgets, in every environment, those that were not asked for since. */
  forget(project: string, before_ms: number): Promise<void>;
  /** What keys of the environment are digested with: `fresh`, unless there is one already. */
  salt(project: string, environment: string, fresh: string): Promise<string>;
}
