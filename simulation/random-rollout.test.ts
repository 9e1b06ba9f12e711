import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomRollout } from './scenarios/random-rollout.ts';

const SEEDS = 200;

test(`R3, R16: ${SEEDS} rollouts in worlds of crashes, delays, outages and drift end well and keep every safety property`, async () => {
  const ends = new Map<string, number>();
  let crashes = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    try {
      const story = await randomRollout(seed);
      ends.set(story.rollout.status, (ends.get(story.rollout.status) ?? 0) + 1);
      crashes += story.crashes;
    } catch (error) {
      assert.fail(`seed ${seed} (replay: node simulation/run.ts --seed ${seed}): ${error}`);
    }
  }
  // A test that never gets anywhere proves nothing.
  for (const status of ['succeeded', 'rolled_back', 'failed'])
    assert.ok((ends.get(status) ?? 0) > 0, `never ${status}`);
  assert.ok(crashes > SEEDS / 2, `${crashes} crashes`);
});

test('a seed tells the same story each time', async () => {
  assert.deepEqual(await randomRollout(7), await randomRollout(7));
});
