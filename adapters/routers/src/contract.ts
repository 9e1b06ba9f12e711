import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Route, Router } from '@spillway/control';

/** What the contract needs of the world around a router. */
export interface RouterUnderTest {
  readonly router: Router;
  /** The technology's own answer to which version most of its traffic goes to; undefined where none flows. */
  readonly ask?: (route: Route, user: string) => Promise<string>;
  /** Origins where versions `v1` and `v2` answer with their name. */
  readonly urls: Readonly<Record<'v1' | 'v2', string>>;
  /** Makes the technology behind it forget everything but what it keeps on disk; absent where nothing is kept. */
  readonly restart?: () => Promise<void>;
}

/** What control may rely on, whichever router it is given. `current` is asked anew by each test. */
export function routerContract(name: string, current: () => RouterUnderTest): void {
  const service = (key: string) => `contract/${key}`;
  const route = (key: string, shareOfTwo: number): Route => ({
    service: service(key),
    path_prefix: `/${key}`,
    sticky: { header: 'x-user', cookie: 'spillway_user' },
    seed: `seed-${key}`,
    versions: [
      { version: 'v2', share: shareOfTwo, urls: [current().urls.v2] },
      { version: 'v1', share: 100_000 - shareOfTwo, urls: [current().urls.v1] },
    ],
  });

  test(`${name}: a service that was never routed has no route`, async () => {
    assert.equal(await current().router.observe(service('unknown')), undefined);
  });

  test(`${name}: what was applied is observed exactly, and the last one counts`, async () => {
    const { router } = current();
    for (const share of [0, 10_000, 100_000, 33_333]) {
      await router.apply(route('exact', share));
      assert.deepEqual(await router.observe(service('exact')), route('exact', share));
    }
  });

  test(`${name}: applying the same route again changes nothing`, async () => {
    const { router } = current();
    await router.apply(route('again', 5_000));
    await router.apply(route('again', 5_000));
    assert.deepEqual(await router.observe(service('again')), route('again', 5_000));
  });

  test(`${name}: services do not disturb one another`, async () => {
    const { router } = current();
    await router.apply(route('left', 1_000));
    await router.apply(route('right', 2_000));
    await router.apply(route('left', 3_000));
    assert.deepEqual(await router.observe(service('left')), route('left', 3_000));
    assert.deepEqual(await router.observe(service('right')), route('right', 2_000));
  });

  test(`${name}: a route with a hostname keeps it`, async () => {
    const { router } = current();
    const named: Route = { ...route('named', 0), hostname: 'shop.example.com' };
    await router.apply(named);
    assert.deepEqual(await router.observe(service('named')), named);
  });

  test(`${name}: shares that do not sum to 100,000 and shares without an instance are refused, and the old route stays`, async () => {
    const { router } = current();
    await router.apply(route('kept', 1_000));
    const { versions, ...rest } = route('kept', 1_000);
    const [two, one] = versions;
    assert.ok(one && two);
    await assert.rejects(router.apply({ ...rest, versions: [two] }));
    await assert.rejects(router.apply({ ...rest, versions: [{ ...two, urls: [] }, one] }));
    await assert.rejects(router.apply({ ...rest, versions: [] }));
    assert.deepEqual(await router.observe(service('kept')), route('kept', 1_000));
  });

  test(`${name}: new requests follow the route as soon as it is applied, and users of the first version keep it as it grows`, async (t) => {
    const { router, ask } = current();
    if (!ask) {
      t.skip('no traffic flows through this router');
      return;
    }
    const users = Array.from({ length: 60 }, (_, index) => `user-${index}`);
    let before: readonly string[] = [];
    for (const share of [0, 20_000, 60_000, 100_000]) {
      await router.apply(route('traffic', share));
      const now: string[] = [];
      for (const user of users) if ((await ask(route('traffic', share), user)) === 'v2') now.push(user);
      for (const user of before) assert.ok(now.includes(user), `${user} lost v2 at ${share}`);
      before = now;
      if (share === 0) assert.equal(now.length, 0);
    }
    assert.equal(before.length, users.length);
  });

  test(`${name}: routes outlive the process that serves them`, async (t) => {
    const { router, restart } = current();
    if (!restart) {
      t.skip('this router keeps nothing');
      return;
    }
    await router.apply(route('lasting', 12_345));
    await restart();
    assert.deepEqual(await current().router.observe(service('lasting')), route('lasting', 12_345));
  });
}
