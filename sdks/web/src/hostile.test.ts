import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Manner, mannersWith, networkBefore } from '../../client/src/testing/hostile-network.ts';
import { type Client, createClient } from './client.ts';
import { testPage } from './testing/page.ts';
import { withTracking } from './track.ts';

/** A page that is kept waiting for longer drops frames that somebody sees. */
const EVALUATION_MS = 100;
const FASTER = 20;
const PATIENCE_MS = 5_000;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const valuesOf = (configuration: number, value: boolean) =>
  JSON.stringify({ configuration, flags: { checkout: { value, variant: 'some', reason: 'STATIC' } } });
const eventOf = (values: string) => `event: values\ndata: ${values}\n\n`;
const manners = mannersWith(valuesOf(9, false), eventOf(valuesOf(9, false)));

/** A server that has configuration 2. */
async function serve(): Promise<number> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(eventOf(valuesOf(2, true)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function networkTo(port: number, manner: Manner) {
  const network = await networkBefore(port, manner);
  ends.push(() => network.close());
  return network;
}

function clientOf(url: string): Client {
  const options = { url, clientKey: 'key', context: { targetingKey: 'ana' }, pollMs: 2_000 };
  const client = createClient({ ...options, bootstrap: valuesOf(1, true) }, testPage({ faster: FASTER }));
  ends.push(() => client.close());
  return client;
}

for (const [name, manner] of Object.entries(manners)) {
  test(`P3: in a page, a network that ${name} changes no value, keeps nobody waiting and is got over`, async () => {
    const network = await networkTo(await serve(), manner);
    const client = clientOf(network.url);
    let longest = 0;
    const asking = setInterval(() => {
      const started = performance.now();
      assert.equal(client.boolean('checkout', false), true);
      longest = Math.max(longest, performance.now() - started);
    }, 5);
    try {
      const status = await client.initialize({ timeoutMs: 500 * FASTER });
      assert.notEqual(status.is, 'ready');
      network.manner = undefined;
      const deadline = Date.now() + PATIENCE_MS;
      while (client.status().is !== 'ready') {
        assert.ok(Date.now() < deadline, `still ${client.status().is}: ${client.status().problem}`);
        await wait(5);
      }
    } finally {
      clearInterval(asking);
    }
    assert.equal(client.status().configuration, 2);
    assert.ok(longest < EVALUATION_MS, `an evaluation took ${longest} ms`);
    client.close();
    assert.equal(client.boolean('checkout', false), true);
  });
}

test('P3: in a page, what is tracked into a hostile network throws nothing and keeps nobody waiting', async () => {
  for (const manner of Object.values(manners)) {
    const network = await networkTo(0, manner);
    const options = { url: network.url, clientKey: 'key', context: { targetingKey: 'ana' } };
    const client = withTracking(clientOf(network.url), options);
    const started = performance.now();
    for (let count = 0; count < 200; count += 1) client.track('asked', { value: count });
    assert.ok(performance.now() - started < EVALUATION_MS);
    client.close();
  }
});
