import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { ADMIN_TOKEN, createWorld } from '../../../packages/http/src/testing/world.ts';
import { type Client, type ClientOptions, createClient } from './client.ts';
import { createClient as createPageClient } from './index.ts';
import { type TestPage, testPage } from './testing/page.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function open(options: Partial<ClientOptions> & { readonly url: string }, page: TestPage = testPage()): Client {
  const client = createClient({ clientKey: 'key', context: { targetingKey: 'ana' }, ...options }, page);
  ends.push(() => client.close());
  return client;
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    assert.ok(tries < 500, `${what} did not come about`);
    await wait(10);
  }
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that says whatever a test wants it to say. */
async function scripted(
  answer: Answer,
  port = 0,
): Promise<{ readonly url: string; readonly port: number; readonly server: Server }> {
  const server = createServer((request, response) => {
    request.resume();
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port: taken } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${taken}`, port: taken, server };
}

const values = (configuration: number, checkout: unknown) => ({
  configuration,
  flags: { checkout: { value: checkout, variant: 'some', reason: 'STATIC' } },
});
const event = (name: string, data: unknown) =>
  `event: ${name}\ndata: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

function streaming(...events: readonly string[]): Answer {
  return (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(events.join(''));
  };
}

test('values come from the real server, follow its changes, and are of the asked type or the default', async () => {
  const world = await createWorld();
  ends.push(() => world.close());
  const admin = (method: string, path: string, body: object) => world.call(method, path, { token: ADMIN_TOKEN, body });
  await admin('POST', '/api/v1/feature-flags?reason=x', { key: 'checkout' });
  const client = open({ url: world.url, clientKey: world.clientKey });
  assert.equal(client.boolean('checkout', true), true);
  assert.equal(client.details('checkout', true).errorCode, 'PROVIDER_NOT_READY');
  assert.equal((await client.initialize()).is, 'ready');
  assert.equal(client.boolean('checkout', true), false);
  assert.equal(client.string('checkout', 'text'), 'text');
  assert.equal(client.details('checkout', 1).errorCode, 'TYPE_MISMATCH');
  assert.equal(client.details('nothing', 1).errorCode, 'FLAG_NOT_FOUND');
  assert.equal(client.json('checkout', {}), false);
  const heard: (readonly string[])[] = [];
  client.on('change', ({ flags }) => heard.push(flags));
  await admin('PATCH', '/api/v1/feature-flags/checkout/environments/production?reason=x', { enabled: true });
  await until('the change', () => client.boolean('checkout', false));
  assert.deepEqual(heard, [['checkout']]);
  assert.equal(client.details('checkout', false).variant, 'on');
});

test('a wrong key fails without an exception, and the defaults serve', async () => {
  const world = await createWorld();
  ends.push(() => world.close());
  const client = open({ url: world.url, clientKey: 'wrong' });
  const status = await client.initialize();
  assert.deepEqual([status.is, status.source, client.string('checkout', 'default')], ['failed', 'none', 'default']);
});

test('another user never sees the last one’s values, even when those arrive late', async () => {
  const late: ServerResponse[] = [];
  const { url } = await scripted((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += String(part);
    });
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const isAna = body.includes('"ana"');
      if (isAna) late.push(response);
      response.write(event('values', values(5, isAna ? 'for ana' : 'for ben')));
    });
  });
  const client = open({ url });
  await client.initialize();
  assert.equal(client.string('checkout', ''), 'for ana');
  const changed: string[] = [];
  client.on('change', () => changed.push(client.string('checkout', 'none')));
  const swapped = client.identify({ targetingKey: 'ben' });
  assert.equal(client.string('checkout', 'none'), 'none');
  late[0]?.write(event('values', values(9, 'for ana')));
  assert.equal((await swapped).is, 'ready');
  await wait(50);
  assert.equal(client.string('checkout', ''), 'for ben');
  assert.deepEqual(changed, ['none', 'for ben']);
});

test('malformed, older, repeated and unfitting payloads change nothing', async () => {
  const bad = [
    event('values', '{"configuration": 9, "fl'),
    event('values', { configuration: 9 }),
    event('values', { configuration: 'x', flags: {} }),
    event('values', { configuration: 9, flags: { checkout: null } }),
    event('values', { configuration: 9, flags: { checkout: { reason: 'STATIC' } } }),
    event('values', values(3, 'older')),
    event('change', { ...values(5, 'repeated'), base: 4, removed: [] }),
    event('unheard-of', values(9, 'of a later version')),
  ];
  const { url } = await scripted((request, response) => {
    if (request.url?.endsWith('/evaluations')) response.writeHead(503).end();
    else streaming(event('values', values(5, 'good')), ...bad)(request, response);
  });
  const client = open({ url });
  await client.initialize();
  await wait(100);
  assert.deepEqual([client.string('checkout', ''), client.status().configuration], ['good', 5]);
});

test('a change that does not fit is made good by fetching everything', async () => {
  const { url } = await scripted((request, response) => {
    if (request.url?.endsWith('/evaluations')) response.writeHead(200).end(JSON.stringify(values(9, 'whole')));
    else {
      const change = { ...values(8, 'unfit'), base: 7, removed: [] };
      streaming(event('values', values(5, 'good')), event('change', change))(request, response);
    }
  });
  const client = open({ url });
  await client.initialize();
  await until('the whole', () => client.string('checkout', '') === 'whole');
  assert.deepEqual([client.status().is, client.status().configuration], ['ready', 9]);
});

test('a server that goes leaves the last values, and its return is noticed', async () => {
  const first = await scripted(streaming(event('values', values(5, 'good'))));
  const page = testPage({ faster: 20 });
  const client = open({ url: first.url }, page);
  await client.initialize();
  first.server.closeAllConnections();
  await new Promise((resolve) => first.server.close(resolve));
  await until('stale', () => client.status().is === 'stale');
  assert.equal(client.string('checkout', ''), 'good');
  await scripted(streaming(event('values', values(6, 'better'))), first.port);
  await until('recovery', () => client.status().is === 'ready');
  assert.equal(client.string('checkout', ''), 'better');
});

test('a stream that falls silent, or is cut in the middle of an event, is left', async () => {
  let streams = 0;
  const { url } = await scripted((request, response) => {
    streams += 1;
    if (streams === 1) streaming(event('values', values(5, 'good')))(request, response);
    else if (streams === 2) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(event('values', values(6, 'cut off')).slice(0, 40), () => response.destroy());
    } else streaming(event('values', values(7, 'whole')))(request, response);
  });
  const client = open({ url }, testPage({ faster: 100 }));
  const seen: string[] = [];
  client.on('status', ({ is }) => seen.push(is));
  await client.initialize({ timeoutMs: 100_000 });
  await until('the third stream', () => client.string('checkout', '') === 'whole');
  assert.ok(seen.includes('stale'), seen.join());
});

test('where streams are held back values are polled, and what is there already is not sent again', async () => {
  const asked: (string | undefined)[] = [];
  const { url } = await scripted((request, response) => {
    if (request.url?.endsWith('/stream')) return;
    asked.push(request.headers['if-none-match']);
    const has = request.headers['if-none-match'] === '"7"';
    response.writeHead(has ? 304 : 200, { etag: '"7"' }).end(has ? undefined : JSON.stringify(values(7, 'polled')));
  });
  // Connects, waits for the first byte and polls a hundred times faster.
  const client = open({ url, pollMs: 2_000 }, testPage({ faster: 100 }));
  await client.initialize({ timeoutMs: 500_000 });
  assert.equal(client.string('checkout', ''), 'polled');
  await until('a second poll', () => asked.length > 1);
  assert.deepEqual(asked.slice(0, 2), [undefined, '"7"']);
  assert.equal(client.status().is, 'ready');
});

test('without a server: the newest of cache and bootstrap, for this user alone, and in bounded time', async () => {
  const { url, server } = await scripted(streaming(event('values', values(5, 'cached'))));
  const page = testPage();
  const first = open({ url }, page);
  await first.initialize();
  first.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  assert.ok(![...page.kept].join().includes('ana'), 'who it was is not kept');

  const again = (options: Partial<ClientOptions>, faster = 20) =>
    open({ url, ...options }, testPage({ faster, kept: page.kept }));
  const cached = again({ bootstrap: values(4, 'older bootstrap') });
  assert.equal(cached.string('checkout', ''), 'older bootstrap');
  const status = await cached.initialize();
  assert.deepEqual([status.source, cached.string('checkout', '')], ['cache', 'cached']);
  const newer = again({ bootstrap: JSON.stringify(values(6, 'newer bootstrap')) });
  await newer.initialize();
  assert.deepEqual([newer.status().source, newer.string('checkout', '')], ['bootstrap', 'newer bootstrap']);
  const other = again({ context: { targetingKey: 'ben' } });
  assert.equal((await other.initialize()).is, 'starting');
  assert.equal(other.string('checkout', 'default'), 'default');
  const broken = again({ context: { targetingKey: 'ben' }, bootstrap: '{"half' });
  await broken.initialize();
  assert.equal(broken.string('checkout', 'default'), 'default');
});

test('a browser that forbids storage, and a listener that throws, harm nothing', async () => {
  const { url } = await scripted(streaming(event('values', values(5, 'good'))));
  const refuse = () => {
    throw new Error('forbidden');
  };
  const page: TestPage = { ...testPage(), pageStorage: { getItem: refuse, setItem: refuse } };
  const client = open({ url }, page);
  client.on('change', refuse);
  assert.equal((await client.initialize()).is, 'ready');
  assert.equal(client.string('checkout', ''), 'good');
});

test('a page that stays hidden gives its connection up and takes it up again when it is shown', async () => {
  let streams = 0;
  const { url } = await scripted((request, response) => {
    streams += 1;
    streaming(event('values', values(streams, `stream ${streams}`)))(request, response);
  });
  const page = testPage({ faster: 1_000 });
  const client = open({ url }, { ...page, after: (ms, call) => page.after(ms === 60_000 ? ms : ms * 1_000, call) });
  await client.initialize();
  page.hide();
  await until('the connection is given up', () => client.status().is === 'stale');
  assert.equal(client.string('checkout', ''), 'stream 1');
  page.show();
  await until('the page is up to date', () => client.status().is === 'ready');
  assert.equal(client.string('checkout', ''), 'stream 2');
});

test('closed, it answers on and stays closed', async () => {
  const { url } = await scripted(streaming(event('values', values(5, 'good'))));
  const client = open({ url });
  await client.initialize();
  client.close();
  assert.equal((await client.initialize()).is, 'closed');
  assert.equal((await client.identify({ targetingKey: 'ben' })).is, 'closed');
  assert.equal(client.string('checkout', 'default'), 'default');
});

test('without an address, or with nonsense for options, a page answers what its code says', async () => {
  for (const options of [undefined, null, {}, { url: 5, clientKey: {}, context: null }]) {
    const quiet = options && { log: () => undefined, ...options };
    const client: Client = Reflect.apply(createPageClient, undefined, [quiet]);
    assert.equal((await client.initialize({ timeoutMs: 50 })).is, 'starting');
    assert.equal(client.string('checkout', 'default'), 'default');
    client.close();
  }
});
