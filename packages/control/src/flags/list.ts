import { accept, type Flag, type Outcome, refuse, type Staleness } from '@spillway/core';
import type { PageRequest, Versioned } from '../call.ts';
import { MAX_CHUNK_CHARACTERS, weigh } from '../documents/chunks.ts';
import { decodeCursor, encodeCursor } from '../documents/cursor.ts';
import type { FlagDirectory } from './directory.ts';
import { type FlagQuery, type FlagSort, matching } from './query.ts';
import type { StaleFlags } from './stale.ts';

export interface FlagListRequest extends PageRequest, FlagQuery {
  readonly stale?: boolean;
  readonly sort?: FlagSort;
}

export type ListedFlag = Versioned<Flag> & { readonly stale: Staleness | null };

export interface FlagPage {
  readonly items: readonly ListedFlag[];
  readonly next?: string;
  /** How many there are on all pages. */
  readonly total: number;
}

/** One page of the flags in memory; large ones make it shorter than asked. */
export async function listFlags(
  request: FlagListRequest,
  flags: FlagDirectory,
  stale: StaleFlags,
): Promise<Outcome<FlagPage>> {
  const { sort = 'key', limit } = request;
  const list = `flags-${sort}`;
  const position = decodeCursor(list, request.cursor);
  if (!position.ok) return position;
  const after = sort === 'key' ? position.value : toNumber(position.value);
  if (Number.isNaN(after)) return refuseCursor();
  const wanted = await wantedBy(request, flags, stale);
  const ordered = sort === 'key' ? wanted : wanted.sort(byChange(flags, sort));
  const start = after === undefined ? 0 : firstAfter(ordered, after, sort, flags);
  const chosen = fitting(ordered.slice(start, start + limit));
  const last = chosen.at(-1);
  const found = await stale.of(chosen);
  const items = chosen.map((flag) => ({ ...flag, stale: found.get(flag.key) ?? null }));
  const page = { items, total: ordered.length };
  if (last === undefined || start + chosen.length >= ordered.length) return accept(page);
  return accept({ ...page, next: encodeCursor(list, sort === 'key' ? last.key : String(flags.changedAt(last.key))) });
}

/** In the order of their keys. */
async function wantedBy(request: FlagListRequest, flags: FlagDirectory, stale: StaleFlags): Promise<Versioned<Flag>[]> {
  const matches = matching(request);
  const wanted = flags.inOrder().filter(matches);
  if (request.stale === undefined) return wanted;
  const found = await stale.among(wanted);
  return wanted.filter(({ key }) => found.has(key) === request.stale);
}

function byChange({ changedAt }: FlagDirectory, sort: FlagSort) {
  const sign = sort === 'updated' ? 1 : -1;
  return (one: Flag, other: Flag) => sign * (changedAt(one.key) - changedAt(other.key));
}

/** What has come, changed or gone since the page before does not make one appear twice. */
function firstAfter(
  ordered: readonly Flag[],
  after: string | number,
  sort: FlagSort,
  { changedAt }: FlagDirectory,
): number {
  const index = ordered.findIndex(({ key }) => {
    if (sort === 'key') return key > String(after);
    return sort === 'updated' ? changedAt(key) > Number(after) : changedAt(key) < Number(after);
  });
  return index === -1 ? ordered.length : index;
}

function fitting(flags: readonly Versioned<Flag>[]): readonly Versioned<Flag>[] {
  let weight = 0;
  const end = flags.findIndex((flag, index) => {
    weight += weigh(flag);
    return index > 0 && weight > MAX_CHUNK_CHARACTERS;
  });
  return end === -1 ? flags : flags.slice(0, end);
}

function toNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
}

function refuseCursor() {
  return refuse('invalid', 'This cursor does not belong to this list. Start again without a cursor.', {
    fields: [{ field: '/cursor', message: 'must be the `next` of the page before' }],
  });
}
