import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOutput, CallResult, Client } from '@spillway/contract/client';
import { prepareFlag } from './flag.ts';
import { readPlan } from './plans.ts';
import { startShoppers } from './shoppers.ts';
import type { Phase, Tally } from './tally.ts';
import type { World } from './world.ts';

export type Rollout = CallOutput<'getRollout'>;
export const VERSIONS = ['v1', 'v2', 'v3'] as const;
export type Version = (typeof VERSIONS)[number];

/** How long things are left alone so that the figures say something, in milliseconds. */
const QUIET_MS = { before: 2_500, between: 2_500, after: 3_000 } as const;
const POLL_MS = 200;
/** A rollout that is not over by then is not going to end as it should. */
const ROLLOUT_MAX_MS = 60_000;
const ENVIRONMENT = 'production';
const SERVICE = 'shop';

export interface Teller {
  /** Each time something of a rollout was seen. */
  saw(version: Version, rollout: Rollout): void;
}

export interface Ending {
  readonly rollouts: ReadonlyMap<Version, Rollout>;
  /** The version that has all traffic in the end. */
  readonly live: string | undefined;
}

/**
 * The first version goes live, people come, the second is rolled out and stays, the third is rolled out and taken back.
 * Throws when the API refuses something, and at once when the signal aborts.
 */
export async function tell(
  world: World,
  tally: Tally,
  teller: Teller,
  rate: number,
  signal: AbortSignal,
): Promise<Ending> {
  const { api } = world;
  const rollouts = new Map<Version, Rollout>();
  await createService(api);
  const env = await prepareFlag(api, world.url, ENVIRONMENT);
  const release = async (version: Version) => rollouts.set(version, await rollOut(api, version, env, teller, signal));
  const quiet = async (phase: Phase, ms: number) => {
    tally.enter(phase);
    await sleep(ms, undefined, { signal });
  };

  await release('v1');
  const shoppers = startShoppers(world.gatewayUrl, rate, tally.record);
  try {
    await quiet('before', QUIET_MS.before);
    tally.enter('rollout of v2');
    await release('v2');
    await quiet('v2 live', QUIET_MS.between);
    tally.enter('rollout of v3');
    await release('v3');
    await quiet('after', QUIET_MS.after);
  } finally {
    await shoppers.stop();
  }
  const service = orThrow(await api.call('getService', { params: { environment: ENVIRONMENT, key: SERVICE } }));
  return { rollouts, live: service.live };
}

async function createService(api: Client): Promise<void> {
  orThrow(
    await api.call('putService', {
      params: { environment: ENVIRONMENT, key: SERVICE },
      body: { path_prefix: '/' },
    }),
  );
}

async function rollOut(
  api: Client,
  version: Version,
  env: Readonly<Record<string, string>>,
  teller: Teller,
  signal: AbortSignal,
): Promise<Rollout> {
  const plan = await readPlan(version, env);
  let rollout = orThrow(await api.call('applyRollout', { body: { plan, reason: 'the demo' }, signal }));
  const deadline = performance.now() + ROLLOUT_MAX_MS;
  while (!isOver(rollout) && performance.now() < deadline) {
    teller.saw(version, rollout);
    await sleep(POLL_MS, undefined, { signal });
    rollout = orThrow(await api.call('getRollout', { params: { key: plan.key }, signal }));
  }
  teller.saw(version, rollout);
  return rollout;
}

function isOver({ status }: Rollout): boolean {
  return status === 'succeeded' || status === 'rolled_back' || status === 'failed';
}

function orThrow<T>(
  result: { readonly ok: true; readonly value: T } | Extract<CallResult<'health'>, { ok: false }>,
): T {
  if (result.ok) return result.value;
  throw new Error(`The control plane refused: ${result.problem.detail}`);
}
