import { accept, contextOf, type Outcome, refuseProblems, type SegmentInput } from '@spillway/core';
import { belongsTo, type Condition, type Configuration, compile } from '@spillway/evaluator';
import type { Clock, Profile, Store } from '../ports/index.ts';
import type { SegmentDirectory } from '../segments/directory.ts';
import { draftDefinition } from '../segments/draft.ts';
import type { Snapshots } from '../snapshots/snapshots.ts';

/** Profiles that one request looks at: whoever wants more goes on from the cursor. */
export const MAX_LOOKED_AT = 10_000;
/** After this long a request answers with what it has; large profiles and heavy segments take longer to look at. */
const LONG_ENOUGH_MS = 1_000;
/** Read at once, so that others get their turn in between. */
const PAGE = 100;

export interface SearchDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
  readonly snapshots: Pick<Snapshots, 'segmentsAlone'>;
  readonly segments: Pick<SegmentDirectory, 'segments'>;
}

export interface SearchPlace {
  readonly prefix?: string;
  /** The last key that was looked at. */
  readonly cursor?: string;
  readonly limit: number;
}

export interface Found {
  readonly profiles: readonly Profile[];
  readonly looked_at: number;
  /** Where to go on; absent when there is nobody left to look at. */
  readonly next?: string;
}

/** Looks at profiles by key, and keeps those whom the condition holds for, until there are enough or it was long enough. */
export async function searchProfiles(
  deps: SearchDeps,
  condition: Condition,
  place: SearchPlace,
): Promise<Outcome<Found>> {
  const asked = asTest(deps, condition);
  return asked.ok ? accept(await lookFor(deps, asked.value, place)) : asked;
}

async function lookFor(
  { store, clock, project }: SearchDeps,
  isMeant: (profile: Profile) => boolean,
  { prefix, cursor, limit }: SearchPlace,
): Promise<Found> {
  const until = clock.monotonic() + LONG_ENOUGH_MS;
  const profiles: Profile[] = [];
  let looked_at = 0;
  let last = cursor;
  while (looked_at < MAX_LOOKED_AT && clock.monotonic() < until) {
    const page = await store.profiles.list(project, {
      limit: PAGE,
      ...(last === undefined ? {} : { after: last }),
      ...(prefix === undefined ? {} : { prefix }),
    });
    for (const profile of page) {
      looked_at += 1;
      last = profile.key;
      if (isMeant(profile) && profiles.push(profile) === limit) return { profiles, looked_at, next: last };
    }
    if (page.length < PAGE) return { profiles, looked_at };
    await clock.sleep(0);
  }
  return last === undefined ? { profiles, looked_at } : { profiles, looked_at, next: last };
}

/** The condition as what a segment that is not stored would be: checked, bounded and asked like every other. */
function asTest(
  { clock, snapshots, segments: { segments } }: SearchDeps,
  when: Condition,
): Outcome<(profile: Profile) => boolean> {
  const before = snapshots.segmentsAlone();
  const search: SegmentInput = { key: unusedKey(segments), when };
  const drafted = draftDefinition(search, segments, before.snapshot.segments);
  if (!drafted.ok) {
    const fields = drafted.refusal.fields ?? [];
    return fields[0] === undefined ? drafted : refuseProblems(fields, fields[0], 'The search');
  }
  const definitions = { ...before.snapshot.segments, [search.key]: drafted.value };
  const configuration: Configuration = compile({ ...before.snapshot, segments: definitions }, before);
  const now = clock.now();
  return accept((profile) => belongsTo(configuration, search.key, contextOf(profile), now));
}

function unusedKey(taken: ReadonlyMap<string, unknown>): string {
  let key = 'search';
  while (taken.has(key)) key = `${key}-`;
  return key;
}
