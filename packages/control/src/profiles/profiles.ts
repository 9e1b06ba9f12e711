import {
  accept,
  checkProfile,
  contextOf,
  MAX_PROFILES,
  type Outcome,
  type ProfileInput,
  refuse,
  searchCondition,
} from '@spillway/core';
import { type Condition, fingerprintOf, segmentsOf } from '@spillway/evaluator';
import { forAdmins } from '../access/for-admins.ts';
import type { Control, ShownProfile, ShownProfiles } from '../control.ts';
import type { Clock, Profile, RankedProfile, Store } from '../ports/index.ts';
import type { SegmentDirectory } from '../segments/directory.ts';
import type { Snapshots } from '../snapshots/snapshots.ts';
import { type SearchPlace, searchProfiles } from './search.ts';

/** Written at once. */
const BATCH = 500;

export interface ProfileDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
  readonly snapshots: Pick<Snapshots, 'segmentsAlone'>;
  readonly segments: SegmentDirectory;
  /** Told that profiles changed. */
  readonly changed: () => void;
}

export function createProfileUseCases(deps: ProfileDeps): Control['profiles'] {
  const { store, clock, project, snapshots, segments, changed } = deps;

  function ranked(input: ProfileInput): RankedProfile {
    return { ...input, rank: fingerprintOf(input.key), updated_at_ms: clock.now() };
  }

  async function makeRoom(coming: number): Promise<Outcome<void>> {
    const count = await store.profiles.count(project);
    if (count + coming <= MAX_PROFILES) return accept(undefined);
    return refuse(
      'too_large',
      `There are ${count} profiles; at most ${MAX_PROFILES} are kept. Delete some, or send only those that segments are measured by.`,
      { details: { count, max_profiles: MAX_PROFILES } },
    );
  }

  async function page({ prefix, cursor, limit }: SearchPlace): Promise<ShownProfiles> {
    const found = await store.profiles.list(project, {
      limit: limit + 1,
      ...(cursor === undefined ? {} : { after: cursor }),
      ...(prefix === undefined ? {} : { prefix }),
    });
    const items = found.slice(0, limit).map(shown);
    const next = found.length > limit ? items.at(-1)?.key : undefined;
    return next === undefined ? { items } : { items, next };
  }

  async function search(condition: Condition, place: SearchPlace): Promise<Outcome<ShownProfiles>> {
    const outcome = await searchProfiles(deps, condition, place);
    if (!outcome.ok) return outcome;
    const { profiles: found, looked_at, next } = outcome.value;
    const searched = { looked_at, profiles: await store.profiles.count(project) };
    return accept({ items: found.map(shown), searched, ...(next === undefined ? {} : { next }) });
  }

  return forAdmins<Control['profiles']>({
    async list(_, { attributes, segments: within, when, ...place }) {
      await segments.lookAgainFor(within ?? []);
      const condition = searchCondition({ attributes, segments: within, when }, segments.keys);
      if (!condition.ok) return condition;
      return condition.value === undefined ? accept(await page(place)) : search(condition.value, place);
    },
    async get(_, key) {
      const profile = await store.profiles.read(project, key);
      if (profile === undefined) return unknownProfile(key);
      return accept({
        ...shown(profile),
        segments: segmentsOf(snapshots.segmentsAlone(), contextOf(profile), clock.now()),
      });
    },
    async put(_, input) {
      const checked = checkProfile(input);
      if (!checked.ok) return checked;
      if ((await store.profiles.read(project, input.key)) === undefined) {
        const room = await makeRoom(1);
        if (!room.ok) return room;
      }
      const profile = ranked(checked.value);
      await store.profiles.put(project, [profile]);
      changed();
      return accept({
        ...shown(profile),
        segments: segmentsOf(snapshots.segmentsAlone(), contextOf(profile), clock.now()),
      });
    },
    async remove(_, key) {
      if (!(await store.profiles.remove(project, key))) return unknownProfile(key);
      changed();
      return accept(undefined);
    },
    async upload(_, batches) {
      let stored = 0;
      let waiting: RankedProfile[] = [];
      const write = async (): Promise<Outcome<void>> => {
        const room = await makeRoom(0);
        if (!room.ok) return room;
        await store.profiles.put(project, waiting);
        stored += waiting.length;
        waiting = [];
        return accept(undefined);
      };
      try {
        for await (const batch of batches) {
          for (const input of batch) {
            waiting.push(ranked(input));
            if (waiting.length < BATCH) continue;
            const written = await write();
            if (!written.ok) return written;
          }
        }
        const written = await write();
        return written.ok ? accept({ stored }) : written;
      } finally {
        if (stored > 0) changed();
      }
    },
  });
}

function shown({ key, attributes, updated_at_ms }: Profile): ShownProfile {
  return { key, attributes, updated_at: new Date(updated_at_ms).toISOString() };
}

function unknownProfile(key: string) {
  return refuse('not_found', `There is no profile ${JSON.stringify(key)}. Check the key.`);
}
