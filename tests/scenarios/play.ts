import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { type Driver, type Hello, startDriver } from './driver.ts';
import type { Ability, Scenario, Step } from './scenario.ts';
import { type Place, startTopology, type Topology } from './topology.ts';

const START_MS = 5_000;
const LOOK_EVERY_MS = 10;

export interface Setting {
  /** Starts a driver: a program and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly place: Place;
}

interface Playing {
  readonly scenario: Scenario;
  readonly setting: Setting;
  readonly topology: Topology;
  driver: Driver;
}

/** Plays one scenario with a client and servers of its own. Throws, naming the step, when anything is not as expected. */
export async function play(scenario: Scenario, setting: Setting): Promise<void> {
  const driver = await startDriver(setting.command);
  let topology: Topology | undefined;
  let playing: Playing | undefined;
  try {
    topology = await startTopology(setting.place, driver.hello.key, scenario);
    playing = { scenario, setting, topology, driver };
    for (const [index, step] of scenario.steps.entries()) {
      await take(playing, step).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`step ${index + 1}, ${JSON.stringify(step)}: ${reason}`);
      });
    }
    await playing.driver.end();
  } finally {
    await (playing?.driver ?? driver).kill();
    await topology?.close();
  }
}

/** What the scenario needs and the driver cannot do. */
export function lacking(scenario: Scenario, hello: Pick<Hello, 'can'>): readonly Ability[] {
  return scenario.needs.filter((ability) => !hello.can.includes(ability));
}

async function take(playing: Playing, step: Step): Promise<void> {
  const { topology, driver } = playing;
  const { plane, proxy } = topology;
  switch (step.do) {
    case 'start_client':
      return startClient(playing);
    case 'restart_client':
      await driver.end();
      playing.driver = await startDriver(playing.setting.command);
      return startClient(playing);
    case 'serve':
      return plane.serve(step.flag, step.variant);
    case 'fire_switch':
      return plane.fireSwitch(step.flag);
    case 'release_switch':
      return plane.releaseSwitch(step.flag);
    case 'revoke_key':
      return plane.revokeKey();
    case 'server':
      return topology.server(step.is);
    case 'link':
      return proxy.link(step.is);
    case 'events':
      return proxy.events(step.are, step.count);
    case 'whole':
      return proxy.whole(step.is);
    case 'clock':
      await driver.ask({ do: 'clock', ahead_ms: step.ahead_ms });
      return;
    case 'wait':
      await wait(step.ms);
      return;
    case 'expect_value': {
      const { flag, fallback, value } = step;
      const answer = async () => (await driver.ask({ do: 'evaluate', flag, fallback })).value;
      return expect(step, answer, (actual) => actual === value, `answers ${JSON.stringify(value)}`);
    }
    case 'expect_status': {
      // How its relay stands is not for a client to know.
      if (playing.setting.place === 'behind_relay') return;
      const status = async () => (await driver.ask({ do: 'status' })).is;
      return expect(step, status, (actual) => step.is.includes(String(actual)), `is ${step.is.join(' or ')}`);
    }
  }
}

async function startClient({ topology, driver, scenario, setting }: Playing): Promise<void> {
  const hurry = driver.hello.can.includes('hurry') && setting.place !== 'behind_relay' ? (scenario.hurry ?? 1) : 1;
  await driver.ask({
    do: 'start',
    url: topology.url,
    key: topology.key,
    context: scenario.context,
    cache: topology.cache,
    timeout_ms: START_MS,
    hurry,
  });
}

async function expect(
  { within_ms = 0, for_ms = 0 }: { readonly within_ms?: number; readonly for_ms?: number },
  look: () => Promise<unknown>,
  fits: (actual: unknown) => boolean,
  what: string,
): Promise<void> {
  const started = performance.now();
  let actual = await look();
  while (!fits(actual)) {
    const waited = Math.round(performance.now() - started);
    assert.ok(waited <= within_ms, `${JSON.stringify(actual)} after ${waited} ms, not so: it ${what}`);
    await wait(LOOK_EVERY_MS);
    actual = await look();
  }
  const held = performance.now();
  while (performance.now() - held < for_ms) {
    await wait(LOOK_EVERY_MS);
    actual = await look();
    assert.ok(fits(actual), `${JSON.stringify(actual)}, no longer so: it ${what}`);
  }
}
