import assert from 'node:assert/strict';
import { after, before, beforeEach, type TestContext, test } from 'node:test';
import { createClient, type NodeClientOptions } from '@spillway/node';
import { createTestClient } from '@spillway/node/testing';
import { evaluate, flag } from 'flags/next';
import { eventually } from '../../apps/server/src/start-testing.ts';
import { ADMIN_TOKEN, createWorld, type World } from '../../packages/http/src/testing/world.ts';
import { SDK_KEY, snapshotOf, startSdkServer } from '../../sdks/client/src/testing/sdk-server.ts';
import { createAdapters } from '../../sdks/vercel-flags/src/index.ts';

interface User {
  readonly targetingKey: string;
  readonly since?: Date;
}

const FLAGS = { on: true, colour: 'red', limit: 3, menu: { items: ['a'] } };
let warnings: string[] = [];
const { warn } = console;

before(() => {
  // The Flags SDK tells here of every flag that has no answer and no default.
  console.warn = (...parts: unknown[]) => void warnings.push(parts.join(' '));
});
beforeEach(() => {
  warnings = [];
});
after(() => {
  console.warn = warn;
});

/** A request as the Flags SDK keeps answers for: one of its own for every question. */
function requestOf(user?: string): Request {
  return new Request('http://127.0.0.1/', user === undefined ? {} : { headers: { cookie: `user=${user}` } });
}

/** Follows a server in this process; closed when the test ends. */
function following(t: TestContext, options: Partial<NodeClientOptions> & { readonly url: string }) {
  const client = createClient({ sdkKey: SDK_KEY, log: () => undefined, summaries: false, ...options });
  t.after(() => client.close());
  return client;
}

test('the four types are served, by adapters and by the functions that make them', async () => {
  const { boolean, string, number, json } = createAdapters(createTestClient(FLAGS));
  const on = flag<boolean>({ key: 'on', adapter: boolean(), defaultValue: false });
  const colour = flag<string>({ key: 'colour', adapter: string, defaultValue: 'none' });
  const limit = flag<number>({ key: 'limit', adapter: number(), defaultValue: 0 });
  const menu = flag({
    key: 'menu',
    adapter: json<{ readonly items: readonly string[] }>(),
    defaultValue: { items: [] },
  });
  assert.deepEqual(
    [await on(requestOf()), await colour(requestOf()), await limit(requestOf()), await menu(requestOf())],
    [true, 'red', 3, { items: ['a'] }],
  );
});

test('the default is served when a flag is unknown or of another type, and without a default it is told why', async () => {
  const { boolean, string, number } = createAdapters(createTestClient(FLAGS));
  const missing = flag<string>({ key: 'missing', adapter: string(), defaultValue: 'none' });
  const wrong = flag<boolean>({ key: 'colour', adapter: boolean(), defaultValue: true });
  const empty = flag<number>({ key: 'on', adapter: number(), defaultValue: 7 });
  assert.deepEqual([await missing(requestOf()), await wrong(requestOf()), await empty(requestOf())], ['none', true, 7]);
  assert.deepEqual(warnings, []);
  const bare = flag<string>({ key: 'missing', adapter: string() });
  await assert.rejects(bare(requestOf()), /missing has no answer and no defaultValue: FLAG_NOT_FOUND/);
  const bareWrong = flag<number>({ key: 'colour', adapter: number() });
  await assert.rejects(bareWrong(requestOf()), /TYPE_MISMATCH/);
});

test('a batch is answered by one question for each type, with defaults where there is no answer', async () => {
  const { boolean, string, json } = createAdapters(createTestClient({ ...FLAGS, off: false }));
  const batches: string[][] = [];
  const adapter = boolean();
  const watched: typeof adapter = {
    ...adapter,
    decide: () => assert.fail('one flag was asked for by itself'),
    bulkDecide(asked) {
      batches.push(asked.flags.map(({ key }) => key));
      return adapter.bulkDecide?.(asked) ?? assert.fail('there are no batches');
    },
  };
  const flags = {
    on: flag<boolean>({ key: 'on', adapter: watched, defaultValue: false }),
    off: flag<boolean>({ key: 'off', adapter: watched, defaultValue: true }),
    colour: flag<string>({ key: 'colour', adapter: string(), defaultValue: 'none' }),
    wrong: flag<boolean>({ key: 'limit', adapter: watched, defaultValue: true }),
    missing: flag<string>({ key: 'constructor', adapter: string, defaultValue: 'none' }),
    menu: flag({ key: 'menu', adapter: json(), defaultValue: null }),
  };
  const served = { on: true, off: false, colour: 'red', wrong: true, missing: 'none', menu: { items: ['a'] } };
  assert.deepEqual(await evaluate(flags, requestOf()), served);
  assert.deepEqual(batches, [['on', 'off', 'limit']]);
});

test('two sets of adapters are not batched together: each asks its own client', async () => {
  const one = flag<string>({ key: 'colour', adapter: createAdapters(createTestClient({ colour: 'red' })).string() });
  const other = flag<string>({ key: 'hue', adapter: createAdapters(createTestClient({ hue: 'blue' })).string() });
  assert.deepEqual(await evaluate([one, other], requestOf()), ['red', 'blue']);
});

test('whom a request comes from decides, alone and in a batch; a flag may say so itself', async () => {
  const client = createTestClient(FLAGS);
  client.set('colour', 'blue', { targetingKeys: ['ann'] });
  const { string } = createAdapters<User>(client, {
    identify: ({ cookies }) => ({ targetingKey: cookies.get('user')?.value ?? 'nobody' }),
  });
  const colour = flag<string, User>({ key: 'colour', adapter: string(), defaultValue: 'none' });
  const ofAnn = flag<string, User>({ key: 'colour', adapter: string(), identify: () => ({ targetingKey: 'ann' }) });
  assert.deepEqual(
    [await colour(requestOf('ann')), await colour(requestOf('ben')), await ofAnn(requestOf('ben'))],
    ['blue', 'red', 'blue'],
  );
  assert.deepEqual(await evaluate([colour], requestOf('ann')), ['blue']);
});

test('what a rule compares is in JSON terms: a date of the context is text', async (t) => {
  const world = await createWorld();
  t.after(() => world.close());
  const when = { attribute: 'since', operator: 'before', values: ['2020-01-01T00:00:00Z'] };
  await addFlag(world, {
    key: 'thanks',
    type: 'boolean',
    environments: {
      production: {
        enabled: true,
        rules: [{ id: 'old', when, serve: { variant: 'on' } }],
        fallthrough: { variant: 'off' },
      },
    },
  });
  const { boolean } = createAdapters<User>(following(t, { url: world.url, sdkKey: world.sdkKey }));
  const since = (year: number) => () => ({ targetingKey: 'ann', since: new Date(Date.UTC(year, 5)) });
  const thanksSince = (year: number) =>
    flag<boolean, User>({ key: 'thanks', adapter: boolean(), identify: since(year) })(requestOf());
  assert.deepEqual([await thanksSince(2019), await thanksSince(2024)], [true, false]);
});

test('the first question connects; when the server is gone the last good values are served', async (t) => {
  const server = await startSdkServer(snapshotOf(3, true));
  t.after(() => server.close());
  const client = following(t, { url: server.url });
  const { boolean } = createAdapters(client);
  const checkout = flag<boolean>({ key: 'checkout', adapter: boolean(), defaultValue: false });
  assert.equal(client.status().is, 'starting');
  assert.deepEqual(await evaluate([checkout], requestOf()), [true], 'a batch connects as well');

  server.send('snapshot', 4, snapshotOf(4, false));
  await eventually('the change is there', () => client.status().configuration === 4);
  assert.equal(await checkout(requestOf()), false);
  await server.close();
  await eventually('it is stale', () => client.status().is === 'stale');
  const withTrue = flag<boolean>({ key: 'checkout', adapter: boolean(), defaultValue: true });
  assert.equal(await withTrue(requestOf()), false, 'not the default');
  assert.deepEqual(await evaluate([withTrue], requestOf()), [false]);
});

test('without a server the default is served after the time given, and only the first question waits', async (t) => {
  const server = await startSdkServer(snapshotOf(3, true));
  server.streams = 'holds_back';
  t.after(() => server.close());
  const { boolean } = createAdapters(following(t, { url: server.url }), { timeoutMs: 400 });
  const checkout = flag<boolean>({ key: 'checkout', adapter: boolean, defaultValue: true });
  const started = performance.now();
  assert.equal(await checkout(requestOf()), true);
  const first = performance.now() - started;
  assert.ok(first >= 390, `the first waited ${first} ms`);
  assert.equal(await checkout(requestOf()), true);
  const second = performance.now() - started - first;
  assert.ok(second < 200, `the second waited ${second} ms`);
});

test('a flag says where it is managed when the dashboard is known', () => {
  const client = createTestClient(FLAGS);
  const { boolean } = createAdapters(client, { dashboard: 'https://spillway.example.com/' });
  const { origin } = flag<boolean>({ key: 'on', adapter: boolean() });
  assert.equal(origin, 'https://spillway.example.com/flags/on');
  assert.equal(flag<boolean>({ key: 'on', adapter: createAdapters(client).boolean() }).origin, undefined);
});

async function addFlag(world: World, body: Readonly<Record<string, unknown>>): Promise<void> {
  const made = await world.call('POST', '/api/v1/feature-flags?reason=test', { token: ADMIN_TOKEN, body });
  assert.equal(made.status, 201, made.text);
}
