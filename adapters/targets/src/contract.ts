import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance, Target } from '@spillway/control';
import type { VersionSpec } from '@spillway/core';

const WAIT_MAX_MS = 8_000;
const WAIT_EVERY_MS = 20;

export interface TargetUnderTest {
  readonly target: Target;
  /** A version that this target can really run and that becomes healthy. */
  spec(name: string, over?: Partial<VersionSpec>): VersionSpec;
  /** Whether something answers at an instance's url; a target that runs nothing says why it cannot be asked. */
  readonly answers: ((url: string) => Promise<boolean>) | { readonly skip: string };
  close(): Promise<void>;
}

/** What every target promises. */
export function targetContract(name: string, open: () => Promise<TargetUnderTest>): void {
  describe(`target contract: ${name}`, { concurrency: 3 }, () => {
    let parts: TargetUnderTest;
    before(async () => {
      parts = await open();
    });
    after(() => parts.close());

    test('a version that is run gets its instances, each with its own id and address', async () => {
      const { target, spec } = parts;
      await target.run('production/many', spec('v1', { instances: 2 }));
      const [a, b, ...others] = await untilHealthy(target, 'production/many', 'v1', 2);
      assert.ok(a && b);
      assert.deepEqual(others, []);
      assert.notEqual(a.id, b.id);
      assert.notEqual(a.url, b.url);
      await target.stop('production/many', 'v1');
    });

    test('a healthy instance answers at its url', async (context) => {
      const { target, spec, answers } = parts;
      if (typeof answers !== 'function') return context.skip(answers.skip);
      await target.run('production/reach', spec('v1'));
      const [instance] = await untilHealthy(target, 'production/reach', 'v1', 1);
      assert.ok(instance && (await answers(instance.url)));
      await target.stop('production/reach', 'v1');
    });

    test('running the same version again changes nothing', async () => {
      const { target, spec } = parts;
      await target.run('production/again', spec('v1'));
      const first = await untilHealthy(target, 'production/again', 'v1', 1);
      await target.run('production/again', spec('v1'));
      const second = await target.observe('production/again');
      assert.deepEqual(second.map(place), first.map(place));
      await target.stop('production/again', 'v1');
    });

    test('more instances join the ones that run; fewer leave the others alone', async () => {
      const { target, spec } = parts;
      await target.run('production/scale', spec('v1', { instances: 2 }));
      const two = await untilHealthy(target, 'production/scale', 'v1', 2);
      await target.run('production/scale', spec('v1', { instances: 3 }));
      const three = await untilHealthy(target, 'production/scale', 'v1', 3);
      for (const each of two) assert.ok(three.some(({ id, url }) => id === each.id && url === each.url));
      await target.run('production/scale', spec('v1', { instances: 1 }));
      const one = await until(target, 'production/scale', (seen) => seen.length === 1);
      assert.ok(three.some(({ id }) => id === one[0]?.id));
      await target.stop('production/scale', 'v1');
    });

    test('a stopped version is gone after its grace time, and stopping again or what never ran is no error', async () => {
      const { target, spec } = parts;
      await target.run('production/stop', spec('v1'));
      await untilHealthy(target, 'production/stop', 'v1', 1);
      await target.stop('production/stop', 'v1');
      await target.stop('production/stop', 'v1');
      await until(target, 'production/stop', (seen) => seen.length === 0);
      await target.stop('production/stop', 'v1');
      await target.stop('production/never', 'v1');
    });

    test('a version that is being stopped can be run again at once', async () => {
      const { target, spec } = parts;
      await target.run('production/back', spec('v1'));
      await untilHealthy(target, 'production/back', 'v1', 1);
      await target.stop('production/back', 'v1');
      await target.run('production/back', spec('v1'));
      await untilHealthy(target, 'production/back', 'v1', 1);
      await until(target, 'production/back', (seen) => seen.length === 1 && seen[0]?.state === 'healthy');
      await target.stop('production/back', 'v1');
    });

    test('services and versions do not touch one another', async () => {
      const { target, spec } = parts;
      await target.run('production/a', spec('v1'));
      await target.run('production/a', spec('v2'));
      await target.run('staging/a', spec('v1'));
      await untilHealthy(target, 'production/a', 'v1', 1);
      await untilHealthy(target, 'production/a', 'v2', 1);
      const staging = await untilHealthy(target, 'staging/a', 'v1', 1);
      await target.stop('production/a', 'v1');
      await until(target, 'production/a', (seen) => seen.every(({ version }) => version === 'v2') && seen.length === 1);
      assert.deepEqual((await target.observe('staging/a')).map(place), staging.map(place));
      await target.stop('production/a', 'v2');
      await target.stop('staging/a', 'v1');
    });

    test('a service that nobody knows has no instances', async () => {
      assert.deepEqual(await parts.target.observe('production/unknown'), []);
    });
  });
}

/** Waits for what is observed to be as wanted; fails with what was seen last. */
export async function until(
  target: Target,
  service: string,
  isReached: (seen: readonly Instance[]) => boolean,
  maxMs = WAIT_MAX_MS,
): Promise<readonly Instance[]> {
  const deadline = performance.now() + maxMs;
  for (;;) {
    const seen = await target.observe(service);
    if (isReached(seen)) return seen;
    if (performance.now() > deadline) assert.fail(`not reached in ${maxMs} ms; seen: ${JSON.stringify(seen)}`);
    await sleep(WAIT_EVERY_MS);
  }
}

export async function untilHealthy(
  target: Target,
  service: string,
  version: string,
  count: number,
): Promise<readonly Instance[]> {
  const healthy = (seen: readonly Instance[]) =>
    seen.filter((each) => each.version === version && each.state === 'healthy');
  return healthy(await until(target, service, (seen) => healthy(seen).length === count));
}

function place({ id, url, version }: Instance) {
  return { id, url, version };
}
