import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricReading, Rollout, RolloutPlan, VersionSpec } from '@spillway/core';
import { memoryRouter } from '@spillway/routers';
import { memoryTarget } from '@spillway/targets';
import { accepted, byAdmin, bySdk, createTestClock, refused, startControl } from '../../testing/start-control.ts';
import type { Clock, MetricSource, Router } from '../ports/index.ts';

const SERVICE = 'production/shop';

function version(name: string, more: Partial<VersionSpec> = {}): VersionSpec {
  const health = { path: '/healthz', interval_ms: 1_000, timeout_ms: 1_000, start_timeout_ms: 30_000 };
  return { name, command: ['app'], env: {}, instances: 1, health, grace_ms: 1_000, ...more };
}

function plan(name: string, more: Partial<RolloutPlan> = {}, of = version(name)): RolloutPlan {
  const criteria = {
    max_response_time_ms: 1_000,
    response_time_quantile: 0.95,
    max_error_rate: 0.05,
    min_success_rate: 0.95,
    max_cpu_usage: 0.8,
    max_memory_usage: 0.85,
  };
  const analysis = {
    check_interval_ms: 100,
    criteria,
    rollback_threshold_violations: 2,
    minimum_requests: 10,
    on_no_data: 'pause',
    no_data_deadline_ms: 60_000,
  } as const;
  const step = (percentage: number) => ({ percentage, bake_ms: 100, approval: false });
  const strategy = { kind: 'canary', steps: [step(20), step(60)], analysis, progress_deadline_ms: 5_000 } as const;
  const stage = { key: 'shop', dependencies: [], service: 'shop', version: of, strategy };
  return {
    key: 'release',
    description: '',
    environment: 'production',
    stages: [stage],
    rollback_on_failure: true,
    ...more,
  };
}

/** 1,000 requests a second by the router's shares; versions named `bad…` fail half of theirs. */
function trafficBy(router: Router, clock: Clock): MetricSource {
  const counters = new Map<string, { requests: number; errors: number }>();
  let last = performance.now();
  return {
    async read(service): Promise<MetricReading> {
      const elapsed = performance.now() - last;
      last += elapsed;
      for (const { version: name, share } of (await router.observe(service))?.versions ?? []) {
        const before = counters.get(name) ?? { requests: 0, errors: 0 };
        const requests = (elapsed * share) / 100_000;
        const errors = name.startsWith('bad') ? requests / 2 : 0;
        counters.set(name, { requests: before.requests + requests, errors: before.errors + errors });
      }
      const versions = [...counters].map(([name, { requests, errors }]) => {
        const counts = { requests: Math.floor(requests), errors: Math.floor(errors), in_flight: 0 };
        return [name, { ...counts, latency: { '200': Math.floor(requests) } }] as const;
      });
      return { epoch: 'one', at_ms: clock.now(), versions: Object.fromEntries(versions) };
    },
  };
}

async function shop(t: { after(done: () => Promise<void>): void }, clock = createTestClock()) {
  const router = memoryRouter();
  const target = memoryTarget();
  const control = await startControl({ router, target, clock, metrics: trafficBy(router, clock) });
  t.after(() => control.stop());
  const call = byAdmin();
  accepted(await control.services.put(call, 'production', 'shop', { path_prefix: '/', sticky: { cookie: 'visitor' } }));

  async function until(status: Rollout['status'], key = 'release'): Promise<Rollout> {
    for (const end = performance.now() + 8_000; performance.now() < end; ) {
      const rollout = accepted(await control.rollouts.get(call, key));
      if (rollout.status === status) return rollout;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return assert.fail(`never ${status}: ${JSON.stringify(accepted(await control.rollouts.get(call, key)))}`);
  }
  async function deploy(of: RolloutPlan, status: Rollout['status'] = 'succeeded') {
    accepted(await control.rollouts.apply(call, of));
    return until(status, of.key);
  }
  const shares = async () =>
    Object.fromEntries((await router.observe(SERVICE))?.versions.map((each) => [each.version, each.share]) ?? []);
  return { control, router, target, call, until, deploy, shares };
}

test('R4, R7: one version after the other goes live, a bad one is taken back, the history has the numbers', async (t) => {
  const { control, target, call, deploy, shares } = await shop(t);
  await deploy(plan('v1'));
  assert.deepEqual(await shares(), { v1: 100_000 });
  const second = await deploy(plan('v2'));
  assert.equal(second.generation, 2);
  const third = await deploy(plan('bad-v3'), 'rolled_back');
  assert.match(third.conclusion ?? '', /failed in/);
  assert.deepEqual(await shares(), { v2: 100_000 });
  assert.deepEqual(
    (await target.observe(SERVICE)).map((each) => each.version),
    ['v2'],
  );
  assert.equal(accepted(await control.services.get(call, 'production', 'shop')).live, 'v2');

  const history = accepted(await control.rollouts.history(call, 'release', { limit: 500 }));
  const actions = history.items.map((entry) => entry.action);
  for (const action of ['rollout.started', 'rollout.step_started', 'rollout.went_live', 'rollout.rolled_back']) {
    assert.ok(actions.includes(action), `${action} in ${actions.join(', ')}`);
  }
  const judged = history.items.find((entry) => JSON.stringify(entry.because).includes('"verdict":"fail"'));
  assert.match(JSON.stringify(judged?.because), /"bound":0\.05,"criterion":"max_error_rate","observed":0\.\d+/);
  assert.equal(accepted(await control.audit.verify(call)).is, 'intact');

  const first = accepted(await control.rollouts.history(call, 'release', { limit: 3 }));
  const next = accepted(await control.rollouts.history(call, 'release', { limit: 3, cursor: first.next ?? '' }));
  assert.deepEqual([...first.items, ...next.items], history.items.slice(0, 6));
  const notANumber = Buffer.from('rollout-history:x').toString('hex');
  refused(await control.rollouts.history(call, 'release', { limit: 3, cursor: notANumber }), 'invalid', '/cursor');
});

test('R10: abort by a person brings the traffic back and says who', async (t) => {
  const { control, call, deploy, until, shares } = await shop(t);
  await deploy(plan('v1'));
  accepted(await control.rollouts.apply(call, plan('v2')));
  await new Promise((resolve) => setTimeout(resolve, 60));
  accepted(await control.rollouts.command(call, 'release', 'abort'));
  const ended = await until('rolled_back');
  assert.match(ended.conclusion ?? '', /Aborted by ann/);
  assert.deepEqual(await shares(), { v1: 100_000 });
  refused(await control.rollouts.command(call, 'release', 'resume'), 'conflict');
});

test('K1: a kill switch on the service holds its rollout until a person resumes', async (t) => {
  const { control, call, deploy, until, shares } = await shop(t);
  await deploy(plan('v1'));
  accepted(await control.switches.activate(call, 'stop-shop', { scope: 'service', affects: ['shop'] }));
  accepted(await control.rollouts.apply(call, plan('v2')));
  assert.equal((await until('paused')).hold?.by, 'switch');
  assert.deepEqual(await shares(), { v1: 100_000 });
  accepted(await control.switches.release(call, 'stop-shop'));
  accepted(await control.rollouts.command(call, 'release', 'resume'));
  await until('succeeded');
});

test('R1: a plan is refused with its field, its reason and what to do', async (t) => {
  const { control, call, deploy } = await shop(t);
  await deploy(plan('v1'));
  const apply = (of: RolloutPlan) => control.rollouts.apply(call, of);
  const [stage] = plan('v2').stages;
  assert.ok(stage);
  refused(await apply(plan('v2', { stages: [stage, stage] })), 'invalid', '/plan/stages/1/key');
  refused(await apply(plan('v2', { environment: 'staging' })), 'invalid', '/plan/stages/0/service');
  refused(await apply(plan('v1')), 'conflict');
  const changed = version('v1', { command: ['other'] });
  refused(await apply(plan('v1', {}, changed)), 'conflict', '/plan/stages/0/version/name');
  refused(await control.rollouts.apply(bySdk('production'), plan('v2')), 'forbidden');
  refused(await control.rollouts.get(call, 'nothing'), 'not_found');
  refused(await control.rollouts.history(call, 'nothing', { limit: 1 }), 'not_found');
  refused(await control.rollouts.apply(byAdmin({ expected_version: 1 }), plan('v2')), 'stale');
});

test('R10: a reason that no database could hold is refused with its field, for plans and for commands', async (t) => {
  const { control, deploy } = await shop(t);
  await deploy(plan('v1'));
  for (const reason of ['x'.repeat(2_001), 'half \ud800', 'with \0 inside']) {
    refused(await control.rollouts.apply(byAdmin({ reason }), plan('v2')), 'invalid', '/reason');
    refused(await control.rollouts.command(byAdmin({ reason }), 'release', 'abort'), 'invalid', '/reason');
  }
});

test('R1: while one rollout moves a service another is refused, also when both come at once', async (t) => {
  const { control, call, deploy } = await shop(t);
  await deploy(plan('v1'));
  const both = await Promise.all([
    control.rollouts.apply(call, plan('v2', { key: 'one' })),
    control.rollouts.apply(call, plan('v3', { key: 'other' })),
  ]);
  assert.deepEqual(both.map((outcome) => (outcome.ok ? 'accepted' : outcome.refusal.code)).sort(), [
    'accepted',
    'conflict',
  ]);
  refused(await control.rollouts.apply(call, plan('v4', { key: 'third' })), 'conflict');
});

test('an apply that is repeated with its idempotency key starts one rollout', async (t) => {
  const { control } = await shop(t);
  const call = byAdmin({ idempotency_key: 'k1' });
  const first = accepted(await control.rollouts.apply(call, plan('v1')));
  const again = accepted(await control.rollouts.apply(call, plan('v1')));
  assert.deepEqual(again, first);
  refused(await control.rollouts.apply(call, plan('v2')), 'conflict', '/Idempotency-Key');
});

test('a service that no rollout moves is put right: route, instances and their addresses', async (t) => {
  const { router, target, deploy, shares } = await shop(t);
  await deploy(plan('v1'));
  await target.stop(SERVICE, 'v1');
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  const [instance] = await target.observe(SERVICE);
  assert.equal(instance?.version, 'v1');
  assert.deepEqual(await shares(), { v1: 100_000 });
  assert.deepEqual((await router.observe(SERVICE))?.versions[0]?.urls, [instance?.url]);
});

for (const [name, by_ms] of [
  ['back by an hour', -3_600_000],
  ['forward by a day', 86_400_000],
] as const) {
  test(`R6: a clock that goes ${name} neither cuts a step's bake time short nor holds it up`, async (t) => {
    const clock = createTestClock();
    const { control, call, deploy, until } = await shop(t, clock);
    await deploy(plan('v1'));
    const slow = plan('v2');
    const stages = slow.stages.map((stage) => {
      const [first, ...others] = stage.strategy.steps;
      assert.ok(first);
      return { ...stage, strategy: { ...stage.strategy, steps: [{ ...first, bake_ms: 4_000 }, ...others] } };
    });
    const began = performance.now();
    accepted(await control.rollouts.apply(call, { ...slow, stages }));
    const phase = async () => accepted(await control.rollouts.get(call, 'release')).stages[0]?.phase;
    for (let now = await phase(); now?.is !== 'baking' || now.passes === 0; now = await phase()) await clock.sleep(20);
    clock.set(by_ms);
    await until('succeeded');
    const took = performance.now() - began;
    assert.ok(took > 4_000 && took < 8_000, `took ${took} ms`);
    const { items } = accepted(await control.rollouts.history(call, 'release', { limit: 500 }));
    const told = items.filter(({ reason }) => reason.includes('The clock went'));
    assert.equal(told.length, 1);
  });
}

test('R12: the series has a point per version and second, with its share', async (t) => {
  const { control, call, deploy } = await shop(t);
  await deploy(plan('v1'));
  await new Promise((resolve) => setTimeout(resolve, 2_300));
  const status = accepted(await control.services.status(call, 'production', 'shop'));
  const point = status.series.at(-1);
  assert.deepEqual([point?.version, point?.share], ['v1', 100_000]);
  assert.ok((point?.requests ?? 0) > 500, JSON.stringify(point));
  const since = accepted(await control.services.status(call, 'production', 'shop', point?.at_ms ?? 0));
  assert.ok(since.series.every((each) => each.at_ms > (point?.at_ms ?? 0)));
});
