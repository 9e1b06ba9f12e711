import { mixed, type Seed, seedOf } from './bucket.ts';
import { hashText } from './hash.ts';

/** What the two hashes are made with by which a flag's sketch of users remembers one of them. */
export interface UserSeeds {
  readonly high: Seed;
  readonly low: Seed;
}

/** Both hashes of the user that was hashed last; an array of integers, because writing to it allocates nothing. */
export const userHash = new Int32Array(2);

/**
 * A flag's own, so that what one sketch remembers of a user says nothing of another flag's; and none that a split is made with,
 * so that those who share a percentage are no special users.
 */
export function userSeedsOf(flag: string): UserSeeds {
  return { high: seedOf(`${flag}/users/high`), low: seedOf(`${flag}/users/low`) };
}

/** Leaves both hashes in `userHash`. Whoever was just put into a percentage is hashed already. */
export function hashUser(key: string, { high, low }: UserSeeds): void {
  hashText(key);
  userHash[0] = mixed(high);
  userHash[1] = mixed(low);
}
