import { accept, checkProfile, contextOf, type Outcome, refuse, searchCondition } from '@spillway/core';
import { type Condition, segmentsOf } from '@spillway/evaluator';
import { forAdmins } from '../access/for-admins.ts';
import type { Control, ShownProfile, ShownProfiles } from '../control.ts';
import type { Profile } from '../ports/index.ts';
import type { SegmentDirectory } from '../segments/directory.ts';
import type { Snapshots } from '../snapshots/snapshots.ts';
import { type SearchPlace, searchProfiles } from './search.ts';
import { checkRoom, type ProfileStoringDeps, rankedProfile, storeUploaded } from './storing.ts';

export interface ProfileDeps extends ProfileStoringDeps {
  readonly snapshots: Pick<Snapshots, 'segmentsAlone'>;
  readonly segments: SegmentDirectory;
}

export function createProfileUseCases(deps: ProfileDeps): Control['profiles'] {
  const { store, clock, project, snapshots, segments, changed } = deps;

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

  /** With the segments that it belongs to at the moment. */
  function placed(profile: Profile) {
    return { ...shown(profile), segments: segmentsOf(snapshots.segmentsAlone(), contextOf(profile), clock.now()) };
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
      return accept(placed(profile));
    },
    async put(_, input) {
      const checked = checkProfile(input);
      if (!checked.ok) return checked;
      if ((await store.profiles.read(project, input.key)) === undefined) {
        const room = await checkRoom(deps, 1);
        if (!room.ok) return room;
      }
      const profile = rankedProfile(checked.value, clock.now());
      await store.profiles.put(project, [profile]);
      changed();
      return accept(placed(profile));
    },
    async remove(_, key) {
      if (!(await store.profiles.remove(project, key))) return unknownProfile(key);
      changed();
      return accept(undefined);
    },
    upload: (_, batches) => storeUploaded(deps, batches),
  });
}

function shown({ key, attributes, updated_at_ms }: Profile): ShownProfile {
  return { key, attributes, updated_at: new Date(updated_at_ms).toISOString() };
}

function unknownProfile(key: string) {
  return refuse('not_found', `There is no profile ${JSON.stringify(key)}. Check the key.`);
}
