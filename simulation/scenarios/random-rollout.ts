import { type Call, createRolloutUseCases, type Store } from '@spillway/control';
import { isFinal, type Rollout, type RolloutCommand, type Service } from '@spillway/core';
import { checkEnd } from '../invariants/ending.ts';
import { Broken, watchSafety } from '../invariants/safety.ts';
import { virtualClock } from '../world/clock.ts';
import { type FaultRates, NO_FAULTS } from '../world/faults.ts';
import { createPlatform } from '../world/platform.ts';
import { createReplica, PROJECT } from '../world/process.ts';
import { seededRandom } from '../world/random.ts';
import { simulatedStore } from '../world/store.ts';
import { ENVIRONMENT, randomPlan, randomQualities, service, version } from './plans.ts';

const START_MS = 1_800_000_000_000;
const TROUBLE_MS = 60_000;
const LIMIT_MS = 15 * 60_000;
/** With nothing failing any more, how long everything is given to come to rest after the rollout has ended. */
const REST_MS = 20_000;

const PERSON: Call = {
  principal: { kind: 'admin', project: PROJECT, name: 'ann', via: 'token' },
  reason: 'simulated',
};

export interface Story {
  readonly rollout: Rollout;
  readonly virtualMs: number;
  readonly crashes: number;
  readonly commands: readonly RolloutCommand[];
}

/** One rollout in a world of trouble, from the plan to its end. Throws `Broken` when a safety property does not hold. */
export async function randomRollout(seed: number): Promise<Story> {
  const random = seededRandom(seed);
  const clock = virtualClock(START_MS);
  const plan = randomPlan(random);
  const qualities = randomQualities(random, plan);
  const platform = createPlatform(clock, random, qualities);
  let problem: unknown;
  const guarded =
    <A extends unknown[]>(check: (...args: A) => void) =>
    (...args: A) => {
      try {
        check(...args);
      } catch (error) {
        problem ??= error;
      }
    };
  const safety = watchSafety({
    lastSeen: (name, key) => replicas.find((each) => each.name === name)?.lastSeen(key) ?? {},
  });
  const plain = simulatedStore(guarded(safety.onWrite));
  const store: Store = {
    ...plain,
    async acquireLease(name, holder, now, duration) {
      const lease = await plain.acquireLease(name, holder, now, duration);
      if (lease.is === 'held') safety.onLease(name, holder.split('-')[0] ?? holder);
      return lease;
    },
  };
  const rates: FaultRates = {
    crash: random.pick([0, 0.002, 0.01, 0.03]),
    error: random.pick([0, 0.01, 0.05]),
    delay: random.pick([0, 0.002, 0.02]),
  };
  let trouble = true;
  const replicas = ['a', 'b'].map((name) => {
    const now = () => (trouble ? rates : NO_FAULTS);
    return createReplica({
      name,
      clock,
      random,
      store,
      platform,
      rates: now,
      onApply: guarded((_, route) => safety.onApply(route)),
    });
  });

  for (const stage of plan.stages) {
    const live = random.chance(0.9) ? version(`${stage.key}-1`, random.between(1, 2)) : undefined;
    const document = service(stage.key, live);
    const key = `${ENVIRONMENT}/${stage.key}`;
    const write = { noun: 'services', key, expected: 0, after: document as never, action: 'service.created' } as const;
    await plain.commit({ project: PROJECT, at_ms: START_MS, actor: 'test', reason: '', writes: [write] });
    if (live !== undefined) await platform.target.run(key, live);
  }
  const before = await servicesIn(plain);

  /** Time passes, then everyone does what they can until all of them wait for something. */
  async function turn(): Promise<void> {
    const ms = random.between(50, 500);
    clock.advance(ms);
    platform.live(ms);
    for (const replica of replicas) {
      if (random.chance(0.8)) replica.drive(plan.key);
      if (random.chance(0.2)) replica.converge(await idleServices(plain));
    }
    await new Promise((resolve) => setImmediate(resolve));
    if (problem !== undefined) throw problem;
  }

  for (let i = 0; i < 30; i++) await turn();
  const people = createRolloutUseCases({
    store: plain,
    clock,
    project: PROJECT,
    target: platform.target,
    follower: NO_FOLLOWER,
  });
  const applied = await people.apply(PERSON, plan);
  if (!applied.ok) throw new Broken(`The plan was refused: ${applied.refusal.message}`);

  const commands: RolloutCommand[] = [];
  async function say(command: RolloutCommand): Promise<void> {
    const outcome = await people.command(PERSON, plan.key, command);
    if (outcome.ok) commands.push(command);
  }
  const killing = random.pick([0, 0.005, 0.03]);
  const meddling = random.pick([0, 0.01]);
  const switching = random.pick([0, 0, 0.01]);
  const started = clock.now();
  let rollout = await rolloutIn(plain, plan.key);
  while (!isFinal(rollout)) {
    const elapsed = clock.now() - started;
    if (elapsed > LIMIT_MS) throw new Broken(`The rollout never ends: ${JSON.stringify(rollout)}`);
    trouble = elapsed < TROUBLE_MS;
    if (trouble) {
      if (random.chance(killing)) platform.kill();
      if (random.chance(meddling)) platform.meddle();
      if (random.chance(0.003)) platform.restartGateway();
      if (random.chance(switching)) await toggleSwitch(plain, clock.now());
      if (random.chance(0.015)) await say(random.pick(['pause', 'resume', 'promote', 'promote_fully', 'abort']));
    } else {
      await toggleSwitch(plain, clock.now(), false);
      if (rollout.status === 'paused' && random.chance(0.3)) await say(random.pick(['resume', 'promote']));
    }
    await turn();
    rollout = await rolloutIn(plain, plan.key);
  }
  trouble = false;
  for (const end = clock.now() + REST_MS; clock.now() < end; ) await turn();
  await checkEnd({ rollout, before, after: await servicesIn(plain), platform, qualities, commands });
  const crashes = replicas.reduce((sum, each) => sum + each.lives - 1, 0);
  return { rollout, virtualMs: clock.now() - started, crashes, commands };
}

const NO_FOLLOWER = { async committed() {} };

async function rolloutIn(store: Store, key: string): Promise<Rollout> {
  const stored = await store.read(PROJECT, 'rollouts', key);
  return stored?.body as unknown as Rollout;
}

async function servicesIn(store: Store): Promise<readonly Service[]> {
  const stored = await store.list(PROJECT, 'services', { limit: 100 });
  return stored.map((each) => each.body as unknown as Service);
}

async function idleServices(store: Store): Promise<readonly Service[]> {
  const rollouts = await store.list(PROJECT, 'rollouts', { limit: 100 });
  const moving = new Set(
    rollouts.flatMap(({ body }) => {
      const { stages, plan } = body as unknown as Rollout;
      const underWay = ['preparing', 'baking', 'completing', 'returning'];
      return plan.stages
        .filter((_, index) => underWay.includes(stages[index]?.phase.is ?? ''))
        .map((each) => each.service);
    }),
  );
  return (await servicesIn(store)).filter((each) => !moving.has(each.key));
}

async function toggleSwitch(store: Store, at_ms: number, on?: boolean): Promise<void> {
  const stored = await store.read(PROJECT, 'switches', 'stop');
  const isOn = (stored?.body as { state?: { is: string } } | undefined)?.state?.is === 'triggered';
  const wanted = on ?? !isOn;
  if (wanted === isOn) return;
  const action = { at_ms, actor: 'ann', reason: 'simulated' };
  const state = wanted ? { is: 'triggered', activated: action } : { is: 'inactive', released: action };
  const after = { key: 'stop', description: '', scope: 'global', affects: [], environments: [], state };
  const write = {
    noun: 'switches',
    key: 'stop',
    expected: stored?.version ?? 0,
    after,
    action: 'switch.toggled',
  } as const;
  await store.commit({ project: PROJECT, at_ms, actor: 'ann', reason: '', writes: [write] });
}
