import type { Profile, Profiles, RankedProfile } from '@spillway/control/ports';
import { checkIndexedText, checkPage } from '../prepared-commit.ts';
import { checkProfilePage, checkWhole, prepareProfiles } from '../prepared-profiles.ts';

/** `checkOpen` throws once the store is closed. */
export function createMemoryProfiles(checkOpen: () => void): Profiles {
  const projects = new Map<string, Map<string, RankedProfile>>();

  function profilesOf(project: string): Map<string, RankedProfile> {
    checkOpen();
    const known = projects.get(project) ?? new Map<string, RankedProfile>();
    projects.set(project, known);
    return known;
  }

  return {
    async put(project, profiles) {
      const kept = profilesOf(project);
      const texts = prepareProfiles(project, profiles);
      profiles.forEach(({ key, rank, updated_at_ms }, index) => {
        kept.set(key, { key, rank, attributes: JSON.parse(texts[index] ?? ''), updated_at_ms });
      });
    },
    async read(project, key) {
      checkIndexedText('key', key);
      const found = profilesOf(project).get(key);
      return found && shown(found);
    },
    async list(project, page) {
      checkProfilePage(page);
      return [...profilesOf(project).values()]
        .filter(({ key }) => page.prefix === undefined || key.startsWith(page.prefix))
        .filter(({ key }) => page.after === undefined || byBytes(key, page.after) > 0)
        .sort((one, other) => byBytes(one.key, other.key))
        .slice(0, page.limit)
        .map(shown);
    },
    async byRank(project, { after, limit }) {
      checkPage(limit);
      if (after !== undefined) {
        checkWhole('rank', after.rank);
        checkIndexedText('key', after.key);
      }
      return [...profilesOf(project).values()]
        .filter((profile) => after === undefined || byRankThenBytes(profile, after) > 0)
        .sort(byRankThenBytes)
        .slice(0, limit)
        .map((profile) => structuredClone(profile));
    },
    async count(project) {
      return profilesOf(project).size;
    },
    async remove(project, key) {
      checkIndexedText('key', key);
      return profilesOf(project).delete(key);
    },
  };
}

type Place = Pick<RankedProfile, 'rank' | 'key'>;

function byRankThenBytes(one: Place, other: Place): number {
  return one.rank - other.rank || byBytes(one.key, other.key);
}

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function shown({ rank: _, ...profile }: RankedProfile): Profile {
  return structuredClone(profile);
}
