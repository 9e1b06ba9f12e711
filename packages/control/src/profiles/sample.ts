import { contextOf } from '@spillway/core';
import type { EvaluationContext } from '@spillway/evaluator';
import type { Clock, RankedProfile, Store } from '../ports/index.ts';

/** All profiles are looked at up to here; of more, a sample of this size. */
export const MAX_SAMPLE = 10_000;
const PAGE = 500;

export interface SampleDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
}

export interface Sampled {
  /** How many profiles there are. */
  readonly profiles: number;
  readonly sampled: number;
  /** Up to which rank all were looked at. */
  readonly upto: number;
}

/**
 * Shows the profiles with the lowest ranks, which say nothing of what a profile holds: a uniform sample, and, as long as
 * nobody comes or goes, the same one each time.
 */
export async function lookAtProfiles(
  { store, clock, project }: SampleDeps,
  look: (context: EvaluationContext, rank: number) => void,
): Promise<Sampled> {
  let sampled = 0;
  let last: RankedProfile | undefined;
  while (sampled < MAX_SAMPLE) {
    const limit = Math.min(PAGE, MAX_SAMPLE - sampled);
    const page = await store.profiles.byRank(project, { limit, ...(last === undefined ? {} : { after: last }) });
    for (const profile of page) look(contextOf(profile), profile.rank);
    sampled += page.length;
    last = page.at(-1) ?? last;
    if (page.length < limit) return { profiles: sampled, sampled, upto: Number.MAX_SAFE_INTEGER };
    await clock.sleep(0);
  }
  const profiles = Math.max(sampled, await store.profiles.count(project));
  return { profiles, sampled, upto: profiles === sampled ? Number.MAX_SAFE_INTEGER : (last?.rank ?? 0) };
}
