import type { GatewayRoute } from '../routes/route.ts';

/** A route for any host and path with one version, and whatever else the test wants. */
export function routeTo(urls: readonly string[], other: Partial<GatewayRoute> = {}): GatewayRoute {
  return {
    service: 'test/app',
    path_prefix: '/',
    sticky: { header: 'x-user', cookie: 'user' },
    seed: 'seed',
    versions: [{ version: 'v1', share: 100_000, urls }],
    ...other,
  };
}

/** A route of two versions where nobody listens: for tests that look at routes, not at traffic. */
export function routeOfTwo(shareOfSecond: number): GatewayRoute {
  return routeTo([], {
    versions: [
      { version: 'v2', share: shareOfSecond, urls: ['http://127.0.0.1:2'] },
      { version: 'v1', share: 100_000 - shareOfSecond, urls: ['http://127.0.0.1:1'] },
    ],
  });
}

/** Asks again until it is so; throws after `withinMs`. */
export async function eventually(
  isSo: () => boolean | Promise<boolean>,
  what: string,
  withinMs = 3_000,
): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`Not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
