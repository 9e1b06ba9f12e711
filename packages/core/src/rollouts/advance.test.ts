import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plan, SmallWorld, stage, step, version } from './testing/small-world.ts';

const MINUTE = 60_000;

test('R4: a good canary climbs its steps, gets all traffic, becomes live and is alone in the end', () => {
  const world = new SmallWorld(plan());
  world.pass(3 * MINUTE);
  assert.equal(world.rollout.status, 'succeeded');
  assert.deepEqual(
    world.shifts.map((shift) => shift.shares),
    [{ v1: 90_000, v2: 10_000 }, { v1: 50_000, v2: 50_000 }, { v2: 100_000 }],
  );
  assert.equal(world.service().live, 'v2');
  assert.deepEqual(Object.keys(world.service().instances), ['v2']);
  assert.equal(new Set(world.shifts.map((shift) => shift.seed)).size, 1, 'sticky users must only ever join');
});

test('R7: three violations in a row take the canary back, and the reason carries the numbers', () => {
  const world = new SmallWorld(plan());
  world.behaviour.v2 = { errors: 0.2, ms: 20 };
  world.pass(35_000);
  assert.equal(world.rollout.status, 'rolled_back');
  assert.deepEqual(world.service().shares, { v1: 100_000 });
  assert.equal(world.service().live, 'v1');
  assert.deepEqual(Object.keys(world.service().instances), ['v1']);
  const checks = world.story.filter((because) => because.decision === 'checked');
  assert.deepEqual(
    checks.map((because) => because.verdict),
    ['fail', 'fail', 'fail'],
  );
  const finding = checks[0]?.findings?.find((each) => each.criterion === 'max_error_rate');
  assert.deepEqual([finding?.observed, finding?.bound, finding?.requests], [0.2, 0.05, 100]);
  assert.match(world.rollout.conclusion ?? '', /failed in 20 % where 5 % is the most/);
});

test('R7: a slow canary is taken back on its quantile', () => {
  const world = new SmallWorld(plan());
  world.behaviour.v2 = { errors: 0, ms: 3_000 };
  world.pass(35_000);
  assert.equal(world.rollout.status, 'rolled_back');
  assert.match(world.rollout.conclusion ?? '', /ms where 1000 ms is the bound/);
});

test('R8: the comparison takes a canary back that keeps every fixed bound', () => {
  const comparison = { false_alarm_probability: 0.01, margin_ratio: 1.5 };
  const world = new SmallWorld(plan([stage({ analysis: { comparison } })]));
  world.requestsPerSecond = 1_000;
  world.behaviour.v1 = { errors: 0.004, ms: 20 };
  world.behaviour.v2 = { errors: 0.04, ms: 20 };
  world.pass(25_000);
  assert.equal(world.rollout.status, 'rolled_back');
  assert.match(world.rollout.conclusion ?? '', /worse than the previous version/);
});

test('R8: metrics that cannot be read neither promote nor take back; a person is asked', () => {
  const world = new SmallWorld(plan());
  world.unknown = { metrics: true };
  world.pass(10 * MINUTE);
  assert.deepEqual([world.rollout.status, world.rollout.hold?.by], ['paused', 'no_data']);
  assert.deepEqual(world.service().shares, { v1: 90_000, v2: 10_000 });
  assert.ok(world.story.some((because) => because.verdict === 'error'));
  assert.match(world.rollout.hold?.reason ?? '', /: the metrics cannot be read; resume looks again/);
  world.unknown = {};
  assert.equal(world.tell('resume'), 'accepted');
  world.pass(3 * MINUTE);
  assert.equal(world.rollout.status, 'succeeded');
});

test('R8: no traffic is no success: it pauses, waits or goes back, as the plan says', () => {
  for (const [policy, status] of [
    ['pause', 'paused'],
    ['wait', 'progressing'],
    ['rollback', 'rolled_back'],
  ] as const) {
    const world = new SmallWorld(plan([stage({ analysis: { on_no_data: policy } })]));
    world.requestsPerSecond = 0;
    world.pass(MINUTE);
    assert.equal(world.rollout.status, status, policy);
    const asked =
      policy === 'pause'
        ? 'Step 1 of shop could not be judged: no request came; resume looks again, promote goes on.'
        : undefined;
    assert.equal(world.rollout.hold?.reason, asked);
  }
});

test('R8: a quiet service gathers its requests over several checks', () => {
  const world = new SmallWorld(plan([stage({ steps: [step(50, 60_000)] })]));
  world.requestsPerSecond = 2;
  world.pass(MINUTE + 10_000);
  const verdicts = world.story.filter((because) => because.decision === 'checked').map((because) => because.verdict);
  assert.deepEqual(verdicts.slice(0, 4), ['inconclusive', 'pass', 'inconclusive', 'pass']);
  assert.equal(world.rollout.status, 'succeeded');
});

test('R7: a step with an open violation does not advance, one good check lets it', () => {
  const world = new SmallWorld(plan());
  world.pass(15_000);
  world.behaviour.v2 = { errors: 0.5, ms: 20 };
  world.pass(16_000);
  assert.deepEqual(world.service().shares, { v1: 90_000, v2: 10_000 });
  assert.equal(world.tell('promote'), 'conflict');
  world.behaviour.v2 = { errors: 0, ms: 20 };
  world.pass(12_000);
  assert.deepEqual(world.service().shares, { v1: 50_000, v2: 50_000 });
});

test('R4: a version that never gets healthy fails at its deadline and never had traffic', () => {
  const world = new SmallWorld(plan());
  world.stillborn.add('v2');
  world.pass(59_000);
  assert.equal(world.phase().is, 'preparing');
  world.pass(2_000);
  assert.equal(world.rollout.status, 'rolled_back');
  assert.ok(world.shifts.every((shift) => shift.shares.v2 === undefined));
});

test('R4: the reason for a version that never got healthy says its problem, on one line and of bounded length', () => {
  const reason = (problem: string) => {
    const world = new SmallWorld(plan());
    world.stillborn.add('v2');
    world.problem = problem;
    world.pass(61_000);
    return world.story.find(({ decision }) => decision === 'deadline_passed')?.summary ?? '';
  };
  assert.equal(
    reason('Command not found: nodee.'),
    'v2 was not ready within 60 s: 0 of 1 instance healthy (Command not found: nodee).',
  );
  assert.match(reason('It wrote:\n\u001b[31m  Error'), /\(It wrote: \[31m Error\)\.$/);
  const long = reason(`x${'😀'.repeat(5_000)}`);
  assert.ok(long.endsWith('…).') && long.length < 400 && long.isWellFormed(), long);
});

test('R16: a canary whose instances have all failed goes back at once, without waiting for a check', () => {
  const world = new SmallWorld(plan());
  world.pass(2_000);
  world.kill('shop', 'v2');
  world.turn();
  assert.equal(world.rollout.status, 'rolling_back');
  assert.deepEqual(world.shifts.at(-1)?.shares, { v1: 100_000 });
  assert.ok(world.rollout.pending.some((effect) => effect.kind === 'shift_traffic'));
});

test('R10: pause holds exposure, keeps judging, and may still take back', () => {
  const world = new SmallWorld(plan());
  world.pass(5_000);
  assert.equal(world.tell('pause'), 'accepted');
  world.pass(2 * MINUTE);
  assert.deepEqual(world.service().shares, { v1: 90_000, v2: 10_000 });
  assert.equal(world.rollout.status, 'paused');
  world.behaviour.v2 = { errors: 0.5, ms: 20 };
  world.pass(31_000);
  assert.equal(world.rollout.status, 'rolled_back');
});

test('R10: resume goes on where it was held', () => {
  const world = new SmallWorld(plan());
  world.pass(5_000);
  world.tell('pause');
  world.pass(MINUTE);
  assert.equal(world.tell('pause'), 'conflict');
  assert.equal(world.tell('promote'), 'conflict');
  assert.equal(world.tell('resume'), 'accepted');
  world.pass(2 * MINUTE);
  assert.equal(world.rollout.status, 'succeeded');
  assert.equal(world.tell('abort'), 'conflict');
});

test('R10: promote ends one step, promote fully ends all; both say who', () => {
  const world = new SmallWorld(
    plan([stage({ steps: [step(10, 3_600_000), step(20, 3_600_000), step(50, 3_600_000)] })]),
  );
  world.pass(2_000);
  assert.equal(world.tell('promote'), 'accepted');
  world.pass(2_000);
  assert.equal(world.service().shares.v2, 20_000);
  assert.equal(world.tell('promote_fully'), 'accepted');
  world.pass(20_000);
  assert.equal(world.rollout.status, 'succeeded');
  assert.match(world.story.find((because) => because.decision === 'promoted_fully')?.summary ?? '', /by ann/);
});

test('R10: a step that wants approval is judged, then waits for promote', () => {
  const world = new SmallWorld(plan([stage({ steps: [step(10, 20_000, true), step(50)] })]));
  world.pass(MINUTE);
  assert.deepEqual([world.rollout.status, world.rollout.hold?.by], ['paused', 'approval']);
  assert.equal(world.tell('resume'), 'conflict');
  assert.equal(world.tell('promote'), 'accepted');
  world.pass(2_000);
  assert.equal(world.service().shares.v2, 50_000);
});

test('R16: abort moves traffic in its first decision, whatever cannot be seen', () => {
  const world = new SmallWorld(plan());
  world.pass(35_000);
  world.unknown = { instances: true, shares: true, metrics: true };
  assert.equal(world.tell('abort', 'smells'), 'accepted');
  assert.deepEqual(world.rollout.pending, [], 'nothing that raises exposure is left to be performed');
  world.turn();
  assert.deepEqual(world.shifts.at(-1)?.shares, { v1: 100_000 });
  world.pass(MINUTE);
  assert.equal(world.rollout.status, 'rolling_back', 'share 0 is not verified yet');
  world.unknown = {};
  world.pass(12_000);
  assert.equal(world.rollout.status, 'rolled_back');
  assert.equal(world.rollout.conclusion, 'Aborted by ann: smells.');
});

test('R16: with no healthy old version traffic goes where capacity is, says so, and returns when it can', () => {
  const world = new SmallWorld(plan());
  world.pass(5_000);
  world.tell('abort');
  world.kill('shop', 'v1');
  world.pass(5_000);
  assert.deepEqual(world.service().shares, { v2: 100_000 });
  assert.match(world.story.find((because) => because.decision === 'rerouted')?.summary ?? '', /no healthy instance/);
  world.heal('shop', 'v1');
  world.pass(12_000);
  assert.equal(world.rollout.status, 'rolled_back');
  assert.deepEqual(world.service().shares, { v1: 100_000 });
});

test('a dying old version is served by the canary until it is back, then the step goes on', () => {
  const world = new SmallWorld(plan());
  world.pass(5_000);
  world.kill('shop', 'v1');
  world.pass(2_000);
  assert.deepEqual(world.service().shares, { v2: 100_000 });
  world.heal('shop', 'v1');
  world.pass(2_000);
  assert.deepEqual(world.service().shares, { v1: 90_000, v2: 10_000 });
  world.pass(3 * MINUTE);
  assert.equal(world.rollout.status, 'succeeded');
});

test('R16: weights that someone else moved are set again, and told', () => {
  const world = new SmallWorld(plan());
  world.pass(5_000);
  world.service().shares = { v1: 30_000, v2: 70_000 };
  world.pass(2_000);
  assert.deepEqual(world.service().shares, { v1: 90_000, v2: 10_000 });
  assert.match(world.story.find((because) => because.decision === 'drift_repaired')?.summary ?? '', /v2 70 %/);
});

test('a router that never confirms a step fails it at the deadline; nothing needs to be moved to be back', () => {
  const world = new SmallWorld(plan());
  world.broken.add('shift_traffic');
  world.pass(75_000);
  assert.equal(world.rollout.status, 'rolled_back');
  assert.match(world.rollout.conclusion ?? '', /did not confirm/);
  assert.deepEqual(world.service().shares, { v1: 100_000 });
});

test('the first version of a service gets all traffic when healthy, without steps', () => {
  const world = new SmallWorld(plan(), {});
  world.pass(2_000);
  assert.equal(world.rollout.status, 'succeeded');
  assert.deepEqual([world.service().live, world.service().shares], ['v2', { v2: 100_000 }]);
});

test('a first version that fails leaves nothing routed and nothing running', () => {
  const world = new SmallWorld(plan(), {});
  world.stillborn.add('v2');
  world.pass(62_000);
  assert.equal(world.rollout.status, 'rolled_back');
  assert.deepEqual([world.service().live, world.service().shares, world.service().instances], [undefined, {}, {}]);
});

test('an active kill switch holds the rollout until a person resumes, also after its release', () => {
  const world = new SmallWorld(plan());
  world.pass(5_000);
  world.switches = ['global-stop'];
  world.pass(2 * MINUTE);
  assert.deepEqual([world.rollout.status, world.rollout.hold?.by], ['paused', 'switch']);
  assert.deepEqual(world.service().shares, { v1: 90_000, v2: 10_000 });
  world.switches = [];
  world.pass(2 * MINUTE);
  assert.equal(world.rollout.status, 'paused');
  world.tell('resume');
  world.pass(3 * MINUTE);
  assert.equal(world.rollout.status, 'succeeded');
});

test('a share that was decided but not applied when a switch fires is withdrawn', () => {
  const world = new SmallWorld(plan());
  world.pass(5_000);
  world.broken.add('shift_traffic');
  world.pass(30_000);
  assert.deepEqual(world.shifts.at(-1)?.shares, { v1: 50_000, v2: 50_000 });
  world.switches = ['global-stop'];
  world.turn();
  const pending = world.rollout.pending.filter((effect) => effect.kind === 'shift_traffic');
  assert.deepEqual(
    pending.map((effect) => effect.shares),
    [{ v1: 90_000, v2: 10_000 }],
  );
});

const chain = () => [
  stage({ key: 'backend', service: 'backend', version: version('b2') }),
  stage({ key: 'shop', dependencies: ['backend'] }),
  stage({ key: 'docs', service: 'docs', version: version('d2') }),
];
const live = { backend: 'b1', shop: 'v1', docs: 'd1' };

test('R1: stages start after those they depend on, independent ones run side by side', () => {
  const world = new SmallWorld(plan(chain()), live);
  world.pass(2_000);
  assert.deepEqual(
    [world.phase('backend').is, world.phase('shop').is, world.phase('docs').is],
    ['baking', 'waiting', 'baking'],
  );
  world.pass(6 * MINUTE);
  assert.equal(world.rollout.status, 'succeeded');
});

test('R1: a failing stage takes back what had finished, last first, its old version running again before traffic', () => {
  const world = new SmallWorld(plan(chain()), live);
  world.behaviour.v2 = { errors: 0.5, ms: 20 };
  world.pass(5 * MINUTE);
  assert.equal(world.rollout.status, 'rolled_back');
  for (const [service, name] of Object.entries(live)) {
    assert.deepEqual(world.service(service).shares, { [name]: 100_000 });
    assert.equal(world.service(service).live, name);
    assert.deepEqual(Object.keys(world.service(service).instances), [name]);
  }
  const order = world.story.filter(({ decision }) => decision === 'stage_rolled_back').map((because) => because.stage);
  assert.equal(order[0], 'shop');
  assert.equal(order.length, 3);
});

test('R1: without rollback_on_failure what had finished stays, and the end says so', () => {
  const world = new SmallWorld(plan(chain(), false), live);
  world.behaviour.v2 = { errors: 0.5, ms: 20 };
  world.pass(5 * MINUTE);
  assert.equal(world.rollout.status, 'failed');
  assert.equal(world.service('backend').live, 'b2');
  assert.equal(world.service('shop').live, 'v1');
  assert.match(world.rollout.conclusion ?? '', /kept: backend, docs/);
});

test('deciding again on the same observation decides nothing anew', () => {
  const world = new SmallWorld(plan());
  world.pass(15_000);
  assert.equal(world.turn().because, undefined);
  assert.equal(world.turn().rollout, world.rollout);
});

test('the document of a rollout stays small over many checks', () => {
  const world = new SmallWorld(
    plan([
      stage({
        steps: [step(50, 3_600_000)],
        analysis: { comparison: { false_alarm_probability: 0.01, margin_ratio: 1.5 } },
      }),
    ]),
  );
  world.pass(10 * MINUTE);
  const early = JSON.stringify(world.rollout).length;
  world.pass(45 * MINUTE);
  assert.ok(JSON.stringify(world.rollout).length < early + 200 && early < 10_000, `${early}`);
});

test('R16: a repair gets through although the version it repairs has no healthy instance', () => {
  const world = new SmallWorld(plan());
  world.kill('shop', 'v1');
  world.pass(2_000);
  assert.deepEqual(world.service().shares, { v2: 100_000 }, 'its users are served by what there is');
  assert.equal(world.tell('promote_fully'), 'accepted');
  world.pass(12_000);
  assert.equal(world.rollout.status, 'succeeded');
  assert.equal(world.service().live, 'v2');
});

test('instances that merely start again, as seen after a restart of the platform, move no traffic and fail nothing', () => {
  const world = new SmallWorld(plan());
  world.pass(5_000);
  const starting = { desired: 1, healthy: 0, failing: 0 };
  Object.assign(world.service().instances, { v1: starting, v2: starting });
  world.pass(2_000);
  assert.equal(world.rollout.status, 'progressing');
  assert.equal(world.tell('abort'), 'accepted');
  Object.assign(world.service().instances, { v2: { desired: 1, healthy: 1, failing: 0 } });
  world.turn();
  assert.deepEqual(world.shifts.at(-1)?.shares, { v1: 100_000 });
});
