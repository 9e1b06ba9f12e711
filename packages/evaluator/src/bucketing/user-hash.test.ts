import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lanesOf } from '../testing/lanes.ts';
import { hashUser, userHash, userSeedsOf } from './user-hash.ts';

/** docs/reference/bucketing.md, section 3, without its last line. */
function pointOf(key: string, seed: string): number {
  const [ka = 0, kb = 0] = lanesOf(new TextEncoder().encode(key));
  const [sa = 0, sb = 0] = lanesOf(new TextEncoder().encode(seed));
  let x = ka ^ sb;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = (x ^ (x >>> 15)) + (kb ^ sa);
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0xd35a2d97);
  return x ^ (x >>> 15);
}

test('the two hashes of a user are those that are published, of each flag its own', () => {
  for (const flag of ['checkout', 'search', 'żółć']) {
    const seeds = userSeedsOf(flag);
    for (const user of ['user-1', 'user-2', '', '17', '🚀']) {
      hashUser(user, seeds);
      assert.deepEqual([...userHash], [pointOf(user, `${flag}/users/high`), pointOf(user, `${flag}/users/low`)]);
    }
  }
});
