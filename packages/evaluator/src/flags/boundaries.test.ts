import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketOf, firstPointOf, pointIn, seedOf } from '../bucketing/bucket.ts';
import { compile, evaluate, type ServeDefinition, SHARE_WHOLE } from '../index.ts';
import { flag, NOW, snapshot } from '../testing/definitions.ts';

/** The first ones stand at the very first point of their bucket. */
const AT_THE_BORDER = ['user-82791', 'user-100828', 'user-119347', 'user-153605'];
const USERS = [...AT_THE_BORDER, ...Array.from({ length: 300 }, (_, index) => `user-${index}`)];
const SHARES_PER_PERCENT = 1_000;

function served(fallthrough: ServeDefinition, targetingKey: string): string | undefined {
  const variants = ['a', 'b', 'c'].map((name) => ({ name, value: name }));
  const asked = flag({ type: 'string', variants, off_variant: 'a', fallthrough });
  return evaluate(compile(snapshot([asked])), asked.key, { targetingKey }, NOW, null).variant;
}

/** Parts that end at these shares, and at the whole. */
function ending(...ends: readonly number[]): ServeDefinition {
  const shares = [...ends, SHARE_WHOLE].map((end, index) => end - (index === 0 ? 0 : (ends[index - 1] ?? 0)));
  return {
    split: shares.map((share, index) => ({ variant: 'abc'[index] ?? '', percentage: share / SHARES_PER_PERCENT })),
  };
}

test('F4: a user is in the first part whose end lies beyond their bucket, to the single bucket', () => {
  for (const user of USERS) {
    const bucket = bucketOf(user, 'checkout');
    if (bucket < 2 || bucket > SHARE_WHOLE - 3) continue;
    assert.equal(served(ending(bucket), user), 'b', `${user} at ${bucket}`);
    assert.equal(served(ending(bucket + 1), user), 'a');
    assert.equal(served(ending(1, bucket), user), 'c');
    assert.equal(served(ending(1, bucket + 1), user), 'b');
    assert.equal(served(ending(bucket + 1, bucket + 2), user), 'a');
    assert.equal(served(ending(bucket, bucket), user), 'c', 'a part of nothing gets nobody');
  }
});

test('those said to stand at a border do', () => {
  for (const user of AT_THE_BORDER) {
    assert.equal(pointIn(user, seedOf('checkout')), firstPointOf(bucketOf(user, 'checkout')), user);
  }
});

test('F5: who a ramp has reached is told to the single bucket', () => {
  for (const user of USERS) {
    const bucket = bucketOf(user, 'checkout');
    if (bucket === 0) continue;
    const at = (share: number): ServeDefinition => {
      const percentage = share / SHARES_PER_PERCENT;
      const ends = { from_percentage: percentage, to_percentage: percentage };
      return { ramp: { variant: 'a', otherwise: 'b', from_ms: NOW, to_ms: NOW + 1, ...ends } };
    };
    assert.equal(served(at(bucket), user), 'b');
    assert.equal(served(at(bucket + 1), user), 'a');
  }
});
