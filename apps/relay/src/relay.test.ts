import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createClient as createAdmin } from '@spillway/contract/client';
import { createClient } from '@spillway/node';
import {
  ADMIN_TOKEN,
  type Answering,
  eventually,
  relayArguments,
  spawnNode,
  startPlane,
  startRelayProcess,
} from './testing/processes.ts';

const root = mkdtempSync(join(tmpdir(), 'spillway-relay-'));
const planeData = join(root, 'plane');
const relayData = join(root, 'relay');
let plane: Answering;
let relay: Answering;
let sdkKey: string;

before(async () => {
  plane = await startPlane(planeData);
  const admin = createAdmin({ baseUrl: plane.url, token: ADMIN_TOKEN });
  await admin.call('createFlag', {
    query: { reason: 'test' },
    body: {
      key: 'colour',
      type: 'string',
      variants: ['red', 'blue', 'green'].map((name) => ({ name, value: name })),
      environments: { production: { enabled: true, off_variant: 'red', fallthrough: { variant: 'red' } } },
    },
  });
  const token = await admin.call('createToken', { body: { name: 'relay', kind: 'sdk', environment: 'production' } });
  assert.ok(token.ok);
  sdkKey = token.value.secret;
  relay = await startRelayProcess(plane.url, relayData, [sdkKey]);
  await eventually('the relay is ready', async () => (await fetch(`${relay.url}/readyz`)).status === 200);
});
after(async () => {
  await relay?.stop();
  await plane?.stop();
  rmSync(root, { recursive: true, force: true });
});

async function serve(variant: string): Promise<void> {
  const admin = createAdmin({ baseUrl: plane.url, token: ADMIN_TOKEN });
  const changed = await admin.call('updateFlagEnvironment', {
    params: { key: 'colour', environment: 'production' },
    query: { reason: 'test' },
    body: { fallthrough: { variant } },
  });
  assert.ok(changed.ok);
}

function ask(
  url: string,
  path: string,
  options: { key?: string; body?: unknown; etag?: string } = {},
): Promise<Response> {
  const { key = sdkKey, body, etag } = options;
  return fetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(etag === undefined ? {} : { 'if-none-match': etag }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const ONE = '/ofrep/v1/evaluate/flags/colour';
const USER = { context: { targetingKey: 'ana' } };

async function colourAt(url: string): Promise<unknown> {
  return ((await (await ask(url, ONE, { body: USER })).json()) as { readonly value: unknown }).value;
}

async function health(): Promise<{
  readonly status: string;
  readonly environments: readonly {
    readonly configuration: number;
    readonly live: boolean;
    readonly stale_since: unknown;
  }[];
}> {
  return (await fetch(`${relay.url}/health`)).json() as ReturnType<typeof health>;
}

test('a relay gives the very bytes and names of its upstream, and knows what a reader has', async () => {
  const [there, here] = await Promise.all([plane, relay].map(({ url }) => ask(url, '/api/v1/sdk/snapshot')));
  assert.ok(there !== undefined && here !== undefined);
  const etag = there.headers.get('etag');
  assert.equal(here.headers.get('etag'), etag);
  assert.equal(await here.text(), await there.text());
  const again = await ask(relay.url, '/api/v1/sdk/snapshot', { etag: etag ?? '' });
  assert.equal(again.status, 304);
});

test('OFREP answers as the upstream does, one flag and all', async () => {
  for (const path of [ONE, '/ofrep/v1/evaluate/flags', '/api/v1/feature-flags/colour/evaluate']) {
    const [there, here] = await Promise.all([plane, relay].map(({ url }) => ask(url, path, { body: USER })));
    assert.equal(here?.status, 200, path);
    assert.deepEqual(withoutTicket(await here?.text()), withoutTicket(await there?.text()), path);
  }
});

/** Who hands a ticket out knows it again; nobody else need. */
function withoutTicket(text = ''): unknown {
  return JSON.parse(text.replace(/ticket=[^&"]+/, 'ticket='));
}

test('OFREP’s event stream is the relay’s own, and tells what the upstream changed', async () => {
  const bulk = await ask(relay.url, '/ofrep/v1/evaluate/flags', { body: USER });
  const { eventStreams } = (await bulk.json()) as {
    readonly eventStreams: readonly { readonly endpoint: { readonly requestUri: string } }[];
  };
  const abort = new AbortController();
  const response = await fetch(`${relay.url}${eventStreams[0]?.endpoint.requestUri}`, { signal: abort.signal });
  assert.equal(response.status, 200);
  let text = '';
  const reading = (async () => {
    for await (const part of response.body ?? []) text += new TextDecoder().decode(part);
  })().catch(() => undefined);
  await serve('blue');
  await eventually('the stream says so', () => text.includes('refetchEvaluation'));
  abort.abort();
  await reading;
  await serve('red');
});

test('a change reaches an SDK behind the relay by its stream, and OFREP with it', async () => {
  const client = createClient({ url: relay.url, sdkKey, log: () => undefined });
  try {
    assert.equal((await client.initialize()).is, 'ready');
    await serve('blue');
    await eventually('the SDK answers blue', () => client.string('colour', {}, '') === 'blue');
    assert.equal(await colourAt(relay.url), 'blue');
    assert.equal(
      (await ask(relay.url, '/api/v1/sdk/snapshot')).headers.get('etag'),
      (await ask(plane.url, '/api/v1/sdk/snapshot')).headers.get('etag'),
    );
  } finally {
    await client.close();
  }
});

test('keys that it was not given get 401, and it has none of the other doors', async () => {
  for (const key of [ADMIN_TOKEN, `${sdkKey}x`, 'unknown-key']) {
    assert.equal((await ask(relay.url, '/api/v1/sdk/snapshot', { key })).status, 401);
    assert.equal((await ask(relay.url, '/api/v1/sdk/stream', { key })).status, 401);
    assert.equal((await ask(relay.url, ONE, { key, body: USER })).status, 401);
  }
  assert.equal((await fetch(`${relay.url}/api/v1/sdk/snapshot`)).status, 401);
  for (const path of ['/api/v1/feature-flags', '/api/v1/tokens', '/', '/openapi.json']) {
    assert.equal((await ask(relay.url, path, { key: ADMIN_TOKEN })).status, 404, path);
  }
  assert.equal((await ask(relay.url, '/api/v1/sdk/snapshot', { body: {} })).status, 405);
});

test('what SDKs counted reaches the upstream, added up', async () => {
  const now = new Date().toISOString();
  const count = { flag: 'colour', variant: 'red', reason: 'STATIC', count: 7 };
  for (let times = 0; times < 2; times++) {
    const users = [{ flag: 'colour', variant: 'red', sketch: times === 0 ? 'sAAB' : 'sAABBAB' }];
    const configurations = times === 0 ? { first: 0, last: 1014 } : { first: 1, last: 1015 };
    const counts = [{ ...count, configurations }];
    const told = await ask(relay.url, '/api/v1/sdk/summaries', { body: { from: now, to: now, counts, users } });
    assert.deepEqual(await told.json(), { counted: 1, unique_users: true });
  }
  const admin = createAdmin({ baseUrl: plane.url, token: ADMIN_TOKEN });
  await eventually(
    'the upstream has counted them',
    async () => {
      const usage = await admin.call('flagUsage', { params: { key: 'colour' } });
      const production = usage.ok ? usage.value.environments.production : undefined;
      return (production?.variants.red ?? 0) >= 14 && (production?.unique_users.last_24_hours.variants.red ?? 0) >= 2;
    },
    45_000,
  );
  const usage = await admin.call('flagUsage', { params: { key: 'colour' } });
  assert.ok(usage.ok);
  assert.deepEqual(usage.value.environments.production?.configurations.red, { first: 0, last: 1015 });
});

test('while the upstream is away it serves on, says so, and follows again when it is back', async () => {
  const client = createClient({ url: relay.url, sdkKey, log: () => undefined });
  try {
    assert.equal((await client.initialize()).is, 'ready');
    const { port } = plane;
    await plane.kill();
    await eventually('the relay says that it is stale', async () => (await health()).status === 'stale');
    const [stale] = (await health()).environments;
    assert.equal(stale?.live, false);
    assert.match(String(stale?.stale_since), /^\d{4}-/);
    assert.equal(await colourAt(relay.url), 'blue');
    assert.equal((await fetch(`${relay.url}/readyz`)).status, 200);
    plane = await startPlane(planeData, port);
    await serve('green');
    await eventually('the SDK answers green', () => client.string('colour', {}, '') === 'green', 40_000);
    await eventually('the relay is fresh', async () => (await health()).status === 'ok');
  } finally {
    await client.close();
  }
});

test('restarted without its upstream it answers from its disk, and a damaged file is not served', async () => {
  const { port } = plane;
  await eventually('the disk has it', () =>
    readdirSync(relayData).some((file) => readFileSync(join(relayData, file), 'utf8').includes('"variant":"green"')),
  );
  await plane.kill();
  await relay.kill();
  relay = await startRelayProcess(`http://127.0.0.1:${port}`, relayData, [sdkKey]);
  assert.equal(await colourAt(relay.url), 'green');
  assert.equal((await health()).status, 'stale');
  await relay.stop();

  // Beside the definitions the relay keeps who may ask from a browser.
  const kept = readdirSync(relayData).filter((name) => !name.endsWith('.tmp'));
  const [clients, file, ...more] = kept.toSorted();
  assert.ok(clients?.endsWith('.clients') && file !== undefined && more.length === 0);
  assert.ok(file.endsWith('.snapshot'));
  assert.ok(!file.includes(sdkKey) && !readFileSync(join(relayData, file), 'utf8').includes(sdkKey));
  const whole = readFileSync(join(relayData, file), 'utf8');
  writeFileSync(join(relayData, file), whole.replaceAll('green', 'black'));
  relay = await startRelayProcess(`http://127.0.0.1:${port}`, relayData, [sdkKey]);
  assert.equal((await ask(relay.url, '/api/v1/sdk/snapshot')).status, 503);
  assert.equal((await fetch(`${relay.url}/readyz`)).status, 503);
  assert.equal((await health()).status, 'starting');
  assert.match(relay.said(), /damaged/);

  plane = await startPlane(planeData, port);
  await eventually('it has fetched the whole again', async () => (await colourAt(relay.url)) === 'green', 40_000);
});

test('a key that is revoked at the upstream opens nothing here either, and its streams end', async () => {
  const admin = createAdmin({ baseUrl: plane.url, token: ADMIN_TOKEN });
  const token = await admin.call('createToken', { body: { name: 'short', kind: 'sdk', environment: 'staging' } });
  assert.ok(token.ok);
  const other = await startRelayProcess(plane.url, join(root, 'other'), [sdkKey, token.value.secret]);
  try {
    await eventually('both are there', async () => (await fetch(`${other.url}/readyz`)).status === 200);
    const stream = await ask(other.url, '/api/v1/sdk/stream', { key: token.value.secret });
    assert.equal(stream.status, 200);
    const ended = stream.text();
    const revoked = await admin.call('revokeToken', { params: { key: token.value.key } });
    assert.ok(revoked.ok);
    await ended;
    assert.equal((await ask(other.url, '/api/v1/sdk/snapshot', { key: token.value.secret })).status, 401);
    assert.equal((await ask(other.url, '/api/v1/sdk/snapshot')).status, 200);
  } finally {
    await other.stop();
  }
});

/** An upstream that says whatever it is told to. */
async function scripted(): Promise<{ readonly url: string; send(event: string, data: string): void; close(): void }> {
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    if (request.url !== '/api/v1/sdk/stream') {
      response.writeHead(503).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(':\n\n');
    streams.add(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    send(event, data) {
      for (const stream of streams) stream.write(`event: ${event}\ndata: ${data}\n\n`);
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

test('malformed, older and foreign payloads are ignored: the last good one is served on', async () => {
  const upstream = await scripted();
  const other = await startRelayProcess(upstream.url, join(root, 'scripted'), ['a-key-of-the-script']);
  const key = 'a-key-of-the-script';
  const snapshot = (number: number, more: object = {}) =>
    JSON.stringify({
      ...{ format: 'spillway.snapshot/1', project: 'default', environment: 'production', number },
      ...{ flags: {}, segments: {}, switches: {}, later: { field: true } },
      ...more,
    });
  const current = async () => {
    const answer = await ask(other.url, '/api/v1/sdk/snapshot', { key });
    return answer.status === 200 ? ((await answer.json()) as { readonly number: number }) : undefined;
  };
  try {
    await eventually('the first arrives', async () => {
      upstream.send('snapshot', snapshot(5));
      return (await current())?.number === 5;
    });
    const stream = await ask(other.url, '/api/v1/sdk/stream', { key });
    for (const bad of [
      '{',
      '[]',
      snapshot(4),
      snapshot(6, { environment: 'staging' }),
      snapshot(6, { flags: { a: 1 } }),
    ]) {
      upstream.send('snapshot', bad);
    }
    upstream.send('delta', '{"format":"spillway.delta/1"}');
    upstream.send('snapshot', snapshot(7));
    await eventually('the next good one arrives', async () => (await current())?.number === 7);
    assert.deepEqual((await current()) as object, JSON.parse(snapshot(7)), 'what a later version adds is handed on');
    const reader = stream.body?.getReader();
    let heard = '';
    while (!heard.includes('id: 7')) heard += new TextDecoder().decode((await reader?.read())?.value);
    await reader?.cancel();
    assert.deepEqual(heard.match(/^id: .*/gm), ['id: 5', 'id: 7']);
  } finally {
    await other.stop();
    upstream.close();
  }
});

test('without keys, with a broken one or on a taken port it does not start, and says why', async () => {
  const run = async (variables: Record<string, string>, port = 0) => {
    const child = spawnNode(relayArguments('http://127.0.0.1:9', join(root, 'none'), port), variables);
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const [code] = (await once(child, 'close')) as [number];
    return { code, said };
  };
  const none = await run({});
  assert.equal(none.code, 2);
  assert.match(none.said, /SPILLWAY_RELAY_TOKENS must list SDK keys/);
  const broken = await run({ SPILLWAY_RELAY_TOKENS: 'good-key-123,short' });
  assert.equal(broken.code, 2);
  assert.match(broken.said, /key 2 of 2/);
  assert.ok(!broken.said.includes('short'));
  const taken = await run({ SPILLWAY_RELAY_TOKENS: 'good-key-123' }, relay.port);
  assert.equal(taken.code, 1);
  assert.match(taken.said, /EADDRINUSE/);
});
