import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advance } from './advance.ts';
import { advanceOnMovedClock } from './clock-moved.ts';
import { plan, SmallWorld, stage, step } from './testing/small-world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A rollout whose first step has baked for 20 of its 30 seconds when the clock is set; the world's time is the clock's. */
function baking(steps = [step(10), step(50)]): SmallWorld {
  const world = new SmallWorld(plan([stage({ steps })]));
  world.settle();
  world.pass(20_000);
  const phase = world.phase();
  assert.ok(phase.is === 'baking' && phase.step === 0);
  return world;
}

function setClock(world: SmallWorld, by: number) {
  world.now += by;
  const moved = advanceOnMovedClock(world.rollout, world.observe(), world.now, by);
  world.rollout = moved.rollout;
  return moved;
}

for (const [name, by] of [
  ['back by an hour', -HOUR],
  ['forward by a day', DAY],
] as const) {
  test(`R6: a step bakes as long as its plan says, although the clock went ${name}`, () => {
    const world = baking();
    const { because } = setClock(world, by);
    assert.equal(because?.[0]?.decision, 'clock_moved');
    assert.match(because?.[0]?.summary ?? '', by < 0 ? /went back by 3600 s/ : /went forward by 86400 s/);
    world.pass(9_000);
    let phase = world.phase();
    assert.ok(phase.is === 'baking' && phase.step === 0, 'not before its time');
    world.pass(2_000);
    phase = world.phase();
    assert.ok(phase.is === 'baking' && phase.step === 1, 'nor an hour later');
    world.pass(60_000);
    assert.equal(world.rollout.status, 'succeeded');
    assert.match(world.rollout.conclusion ?? '', /after (6\d|7\d) s/);
  });

  test(`R8: a version that gets bad after the clock went ${name} is taken back as soon as every other`, () => {
    const world = baking([step(10, HOUR)]);
    setClock(world, by);
    world.behaviour.v2 = { errors: 0.5, ms: 20 };
    world.pass(40_000);
    assert.equal(world.rollout.status, 'rolled_back', world.decisions().join(', '));
  });
}

test('names that people gave are not taken for moments', () => {
  const world = baking();
  const odd = { ...world.rollout.stages[0]?.traffic?.shares, at_ms: 5 };
  const [first] = world.rollout.stages;
  assert.ok(first?.traffic);
  const rollout = { ...world.rollout, stages: [{ ...first, traffic: { ...first.traffic, shares: odd } }] };
  const blind = { ...world.observe(), services: {} };
  const moved = advanceOnMovedClock(rollout, blind, world.now, DAY).rollout;
  assert.deepEqual(moved.stages[0]?.traffic?.shares, odd);
  assert.equal(moved.stages[0]?.traffic?.sent_at_ms, first.traffic.sent_at_ms + DAY);
});

test('what has ended stays as it is', () => {
  const world = baking();
  world.pass(90_000);
  assert.equal(world.rollout.status, 'succeeded');
  assert.equal(setClock(world, DAY).because, undefined);
});

test('R8: a process that did not see the clock go back checks all the same', () => {
  const world = baking([step(10, HOUR)]);
  world.now -= HOUR;
  world.behaviour.v2 = { errors: 0.5, ms: 20 };
  assert.notEqual(advance(world.rollout, world.observe(), world.now).because, undefined);
  world.pass(60_000);
  assert.equal(world.rollout.status, 'rolled_back', world.decisions().join(', '));
});
