import { accept, MAX_PROFILES, type Outcome, type ProfileInput, refuse } from '@spillway/core';
import { fingerprintOf } from '@spillway/evaluator';
import type { Clock, RankedProfile, Store } from '../ports/index.ts';

/** Written at once. */
const BATCH = 500;

export interface ProfileStoringDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
  /** Told that profiles changed. */
  readonly changed: () => void;
}

/** The profile with the place in the order by which samples are drawn. */
export function rankedProfile(input: ProfileInput, now: number): RankedProfile {
  return { ...input, rank: fingerprintOf(input.key), updated_at_ms: now };
}

export async function checkRoom(
  { store, project }: Pick<ProfileStoringDeps, 'store' | 'project'>,
  coming: number,
): Promise<Outcome<void>> {
  const count = await store.profiles.count(project);
  if (count + coming <= MAX_PROFILES) return accept(undefined);
  return refuse(
    'too_large',
    `There are ${count} profiles; at most ${MAX_PROFILES} are kept. Delete some, or send only those that segments are measured by.`,
    { details: { count, max_profiles: MAX_PROFILES } },
  );
}

/** Stores profiles as they arrive; those that were stored before a refusal, or before the upload broke off, stay. */
export async function storeUploaded(
  deps: ProfileStoringDeps,
  batches: AsyncIterable<readonly ProfileInput[]>,
): Promise<Outcome<{ readonly stored: number }>> {
  const { store, clock, project, changed } = deps;
  let stored = 0;
  let waiting: RankedProfile[] = [];

  async function write(): Promise<Outcome<void>> {
    const room = await checkRoom(deps, 0);
    if (!room.ok) return room;
    await store.profiles.put(project, waiting);
    stored += waiting.length;
    waiting = [];
    return accept(undefined);
  }

  try {
    for await (const batch of batches) {
      for (const input of batch) {
        waiting.push(rankedProfile(input, clock.now()));
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
}
