import type { LogEntry, Noun } from '@spillway/core';
import type { Answer, Call, Page, PageRequest, Subscription } from '../call.ts';

/** A change, and, where there is more to say than its action does, what it did in words. */
export type ListedEntry = LogEntry & { readonly summary?: string };

export interface AuditUseCases {
  /** May answer fewer than the limit, even none, with a `next`: a request looks at so many entries and no more. */
  list(call: Call, page: PageRequest & ChangeFilter): Answer<Page<ListedEntry>>;
  /** Newest first, to the end, a piece at a time. */
  export(call: Call, filter: ChangeFilter): Answer<AsyncIterable<readonly ListedEntry[]>>;
  verify(call: Call): Answer<Verification>;
  /** In order, each entry once, starting after `since` (default: now). */
  subscribe(call: Call, since: number | undefined, listener: (entry: LogEntry) => void): Answer<Subscription>;
}

/** Which changes are meant; all of what is given must fit. */
export interface ChangeFilter {
  readonly noun?: Noun;
  readonly key?: string;
  /** As the log has it, or without the way in: `token:ann` or `ann`. */
  readonly actor?: string;
  /** Changes of this environment, or that hold in it too; changes of others alone are left out. */
  readonly environment?: string;
  /** Milliseconds; `from` is within, `to` is not. */
  readonly from?: number;
  readonly to?: number;
  /** Found in any letter case in who, what, why, and the documents before and after. */
  readonly search?: string;
}

export type Verification =
  | { readonly is: 'intact'; readonly entries: number; readonly head: string }
  | { readonly is: 'broken'; readonly seq: number; readonly problem: string };
