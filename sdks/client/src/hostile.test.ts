import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Client, createClient } from './client.ts';
import { type Manner, mannersWith, type Network, networkBefore } from './testing/hostile-network.ts';
import { deltaOf, SDK_KEY, snapshotOf } from './testing/sdk-server.ts';
import { serve, until } from './testing/started.ts';
import { testPlatform } from './testing/test-platform.ts';

/** Nobody who asks may be kept waiting for longer, whatever the network does. */
const EVALUATION_MS = 100;
const CLOSED_WITHIN_MS = 6_000;
const HURRY = 20;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function clientOf(url: string, hurry = HURRY): Client {
  const options = { url, sdkKey: SDK_KEY, bootstrap: snapshotOf(1, true), exposures: true, pollMs: 2_000 };
  const client = createClient(options, testPlatform({ hurry }));
  ends.push(() => client.close());
  return client;
}

const SNAPSHOT = JSON.stringify(snapshotOf(9, false));
const manners = mannersWith(SNAPSHOT, `id: 9\nevent: snapshot\ndata: ${SNAPSHOT}\n\n`);

async function networkTo(port: number, manner: Manner): Promise<Network> {
  const network = await networkBefore(port, manner);
  ends.push(() => network.close());
  return network;
}

for (const [name, manner] of Object.entries(manners)) {
  test(`P3: a network that ${name} changes no value, keeps nobody waiting and is got over`, async () => {
    const server = await serve();
    server.snapshot = snapshotOf(2, true);
    const network = await networkTo(server.port, manner);
    const client = clientOf(network.url);
    let longest = 0;
    const asking = setInterval(() => {
      const started = performance.now();
      assert.equal(client.boolean('checkout', { targetingKey: 'ana' }, false), true);
      client.track('asked', { targetingKey: 'ana' });
      longest = Math.max(longest, performance.now() - started);
    }, 5);
    try {
      await client.initialize({ timeoutMs: 500 * HURRY });
      assert.notEqual(client.status().is, 'ready');
      network.manner = undefined;
      await until('it is got over', () => client.status().configuration === 2);
    } finally {
      clearInterval(asking);
    }
    assert.ok(longest < EVALUATION_MS, `an evaluation took ${longest} ms`);
    await client.close();
    assert.equal(client.boolean('checkout', {}, false), true);
  });

  test(`P3: closing takes no longer than a few seconds while a network ${name}`, async () => {
    const network = await networkTo(0, manner);
    const client = clientOf(network.url, 1);
    void client.initialize({ timeoutMs: 100 });
    for (let user = 0; user < 500; user += 1) client.boolean('checkout', { targetingKey: `user-${user}` }, false);
    await wait(20);
    const started = performance.now();
    await Promise.all([client.close(), client.close()]);
    const took = performance.now() - started;
    assert.ok(took < CLOSED_WITHIN_MS, `closing took ${took} ms`);
    assert.equal(client.status().is, 'closed');
  });
}

test('P3: a server whose name nobody knows is an unreachable one', async () => {
  const client = clientOf('http://no-such-host.invalid');
  const status = await client.initialize({ timeoutMs: 2_000 * HURRY });
  assert.equal(status.is, 'stale');
  assert.equal(client.boolean('checkout', {}, false), true);
});

test('P3: an address that is none is an unreachable server, too', async () => {
  const client = clientOf('not an address');
  assert.equal((await client.initialize({ timeoutMs: 2_000 * HURRY })).is, 'stale');
  await client.close();
});

test('F10: messages twice, backwards and of the past leave the newest configuration', async () => {
  const server = await serve();
  const client = clientOf(server.url, 1);
  await client.initialize();
  const messages = [2, 3, 4, 5, 6].map(
    (number) => ['delta', number, deltaOf(number - 1, number, number % 2 === 1)] as const,
  );
  for (const message of [...messages, ...messages.toReversed(), ...messages]) server.send(...message);
  server.send('snapshot', 3, snapshotOf(3, true));
  server.snapshot = snapshotOf(6, false);
  await until('the newest is there', () => client.status().configuration === 6);
  await wait(50);
  assert.deepEqual([client.status().configuration, client.boolean('checkout', {}, true)], [6, false]);
});

test('P3: a clock that goes back an hour stops nothing', async () => {
  const server = await serve();
  let ahead = 0;
  const platform = { ...testPlatform({ hurry: HURRY }), now: () => Date.now() + ahead };
  const client = createClient({ url: server.url, sdkKey: SDK_KEY, exposures: true }, platform);
  ends.push(() => client.close());
  await client.initialize({ timeoutMs: 5_000 * HURRY });
  ahead = -3_600_000;
  client.boolean('checkout', { targetingKey: 'ana' }, false);
  server.drop();
  server.missed.set('1', [deltaOf(1, 2, false)]);
  await until('it follows again', () => client.status().configuration === 2 && client.status().is === 'ready');
});

test('P3: thousands of listeners, some of which throw, all hear; those that are gone do not', async () => {
  const server = await serve();
  const client = clientOf(server.url, 1);
  await client.initialize();
  let heard = 0;
  const gone = Array.from({ length: 5_000 }, () => client.on('change', () => assert.fail('is gone')));
  for (const forget of gone) forget();
  for (let index = 0; index < 5_000; index += 1) {
    client.on('change', () => {
      heard += 1;
      if (index % 100 === 0) throw new Error('an application’s own');
    });
  }
  server.send('delta', 2, deltaOf(1, 2, false));
  await until('everybody has heard', () => heard === 5_000);
});
