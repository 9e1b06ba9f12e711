import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient as createAdmin } from '@spillway/contract/client';
import { signContext } from '@spillway/node';
import { ADMIN_TOKEN, type Answering, eventually, startPlane, startRelayProcess } from './testing/processes.ts';

const root = mkdtempSync(join(tmpdir(), 'spillway-relay-clients-'));
const relayData = join(root, 'relay');
let plane: Answering;
let relay: Answering;
let sdkKey: string;
let page: Issued;

interface Issued {
  readonly key: string;
  readonly secret: string;
}

const admin = () => createAdmin({ baseUrl: plane.url, token: ADMIN_TOKEN });

async function issue(kind: 'sdk' | 'client', more: { readonly expires_in_ms?: number } = {}): Promise<Issued> {
  const token = await admin().call('createToken', { body: { name: kind, kind, environment: 'production', ...more } });
  assert.ok(token.ok);
  return token.value;
}

async function revoke(key: string): Promise<void> {
  assert.ok((await admin().call('revokeToken', { params: { key } })).ok);
}

async function settle(body: { readonly client_contexts?: 'any' | 'signed'; readonly allowed_origins?: string[] }) {
  assert.ok(
    (await admin().call('updateEnvironment', { params: { key: 'production' }, query: { reason: 'test' }, body })).ok,
  );
}

before(async () => {
  plane = await startPlane(join(root, 'plane'));
  const made = await admin().call('createFlag', {
    query: { reason: 'test' },
    body: {
      key: 'price',
      type: 'string',
      variants: ['usual', 'secret-discount'].map((name) => ({ name, value: name })),
      environments: {
        production: {
          enabled: true,
          rules: [
            {
              when: { attribute: 'plan', operator: 'equals', values: ['hidden-plan'] },
              serve: { variant: 'secret-discount' },
            },
          ],
          fallthrough: { variant: 'usual' },
        },
      },
    },
  });
  assert.ok(made.ok, JSON.stringify(made));
  sdkKey = (await issue('sdk')).secret;
  page = await issue('client');
  relay = await startRelayProcess(plane.url, relayData, [sdkKey]);
  await eventually('the relay is ready', async () => (await statusOf(page.secret)) === 200);
});
after(async () => {
  await relay?.stop();
  await plane?.stop();
  rmSync(root, { recursive: true, force: true });
});

interface Question {
  readonly url?: string;
  readonly key?: string;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

const VALUES = '/api/v1/client/evaluations';
const OFREP = '/ofrep/v1/evaluate/flags';
const ANA = { targetingKey: 'ana' };

function ask(path: string, { url = relay.url, key = page.secret, context = ANA, headers = {} }: Question = {}) {
  return fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ context }),
  });
}

async function statusOf(key: string, url = relay.url): Promise<number> {
  const answer = await ask(VALUES, { key, url });
  await answer.arrayBuffer();
  return answer.status;
}

test('a page is answered as the control plane answers it, ETag and 304 included', async () => {
  for (const path of [VALUES, OFREP, `${OFREP}/price`]) {
    const [there, here] = await Promise.all([ask(path, { url: plane.url }), ask(path)]);
    assert.equal(here.status, 200, path);
    assert.equal(await here.text(), await there.text(), path);
    const etag = here.headers.get('etag');
    assert.equal(etag, there.headers.get('etag'));
    if (etag !== null) assert.equal((await ask(path, { headers: { 'if-none-match': etag } })).status, 304);
  }
});

test('nothing of rules and segments leaves by a client key, and no door of servers opens to it', async () => {
  for (const path of ['/api/v1/sdk/snapshot', '/api/v1/sdk/stream', '/api/v1/sdk/client-access']) {
    const refused = await fetch(`${relay.url}${path}`, { headers: { authorization: `Bearer ${page.secret}` } });
    assert.equal(refused.status, 403, path);
  }
  const told = `${await (await ask(VALUES)).text()}${await (await ask(OFREP)).text()}`;
  assert.ok(told.includes('usual'));
  for (const hidden of ['hidden-plan', 'plan', 'secret-discount']) assert.ok(!told.includes(hidden), hidden);
});

test('pages of origins that the environment allows may ask, others not; a change at the control plane holds here', async () => {
  const headers = { origin: 'https://shop.example' };
  assert.equal((await ask(VALUES, { headers })).status, 403);
  await settle({ allowed_origins: ['https://shop.example'] });
  await eventually('the origin is allowed', async () => (await ask(VALUES, { headers })).status === 200);
  const answer = await ask(VALUES, { headers });
  assert.equal(answer.headers.get('access-control-allow-origin'), 'https://shop.example');
  const preflight = await fetch(`${relay.url}${VALUES}`, {
    method: 'OPTIONS',
    headers: { ...headers, 'access-control-request-method': 'POST' },
  });
  assert.equal(preflight.status, 204);
  assert.equal((await ask(VALUES, { headers: { origin: 'https://other.example' } })).status, 403);
});

test('the relay’s own list of origins counts beside it', async () => {
  const lenient = await startRelayProcess(plane.url, join(root, 'lenient'), [sdkKey], 0, {
    SPILLWAY_ALLOWED_ORIGINS: 'https://near.example',
  });
  try {
    await eventually('the relay is ready', async () => (await statusOf(page.secret, lenient.url)) === 200);
    const headers = { origin: 'https://near.example' };
    assert.equal((await ask(VALUES, { url: lenient.url, headers })).status, 200);
  } finally {
    await lenient.stop();
  }
});

test('signed contexts: the key of the relay vouches for one, another key and none at all do not', async () => {
  const other = (await issue('sdk')).secret;
  const vip = { targetingKey: 'ana', plan: 'hidden-plan' };
  await settle({ client_contexts: 'signed' });
  await eventually('unsigned contexts are refused', async () => (await statusOf(page.secret)) === 403);
  const signed = signContext(vip, { sdkKey, expiresInMs: 60_000 });
  const answer = await ask(VALUES, { context: signed });
  assert.equal(answer.status, 200);
  assert.match(await answer.text(), /secret-discount/);
  const stranger = signContext(vip, { sdkKey: other, expiresInMs: 60_000 });
  assert.equal((await ask(VALUES, { context: stranger })).status, 403);
  await settle({ client_contexts: 'any' });
  await eventually('unsigned contexts count again', async () => (await statusOf(page.secret)) === 200);
});

test('a ticket from here, or from the control plane, opens the event stream here', async () => {
  for (const url of [relay.url, plane.url]) {
    const bulk = await (await ask(OFREP, { url })).text();
    const [, uri = ''] = /"requestUri":"([^"]+)"/.exec(bulk) ?? [];
    const abort = new AbortController();
    const stream = await fetch(`${relay.url}${uri}`, { signal: abort.signal });
    assert.equal(stream.status, 200, url);
    abort.abort();
  }
});

/** Milliseconds from the revocation until the relay ends the stream and refuses the key. */
async function timeToRevoke({ key, secret }: Issued, open: () => Promise<Response>): Promise<number> {
  const stream = await open();
  assert.equal(stream.status, 200);
  const ended = (async () => {
    for await (const _ of stream.body ?? []);
  })();
  const start = performance.now();
  await revoke(key);
  await ended;
  const time = performance.now() - start;
  assert.equal((await ask(OFREP, { key: secret })).status, 401);
  return time;
}

test('a revoked client key loses its streams and its answers as soon as a revoked SDK key', async () => {
  const gone = await issue('client');
  await eventually('the new key is known', async () => (await statusOf(gone.secret)) === 200);
  const time = await timeToRevoke(gone, () => ask('/api/v1/client/stream', { key: gone.secret }));
  assert.ok(time < 2_000, `${time} ms`);
});

test('a key that has run out is refused without any word of the upstream', async () => {
  const short = await issue('client', { expires_in_ms: 2_500 });
  await eventually('the key is known', async () => (await statusOf(short.secret)) === 200, 2_000);
  await wait(2_600);
  assert.equal(await statusOf(short.secret), 401);
});

test('a relay behind the relay lets the same pages in', async () => {
  const second = await startRelayProcess(relay.url, join(root, 'second'), [sdkKey]);
  try {
    await eventually('the second is ready', async () => (await statusOf(page.secret, second.url)) === 200);
    const gone = await issue('client');
    await eventually('the new key is known', async () => (await statusOf(gone.secret, second.url)) === 200);
    await revoke(gone.key);
    await eventually('the key is refused', async () => (await statusOf(gone.secret, second.url)) === 401);
  } finally {
    await second.stop();
  }
});

test('nobody knows yet whether a client key counts: 503 and not 401, which pages would take for the end', async () => {
  const nowhere = createServer((_, response) => void response.writeHead(503).end()).listen(0, '127.0.0.1');
  await once(nowhere, 'listening');
  const { port } = nowhere.address() as AddressInfo;
  const lonely = await startRelayProcess(`http://127.0.0.1:${port}`, join(root, 'lonely'), [sdkKey]);
  try {
    assert.equal(await statusOf(page.secret, lonely.url), 503);
    assert.equal(await statusOf('junk', lonely.url), 401);
  } finally {
    await lonely.stop();
    nowhere.close();
  }
});

test('started anew while the control plane is away it still lets pages in; its files hold no key', async () => {
  await relay.stop();
  for (const file of readdirSync(relayData)) {
    const text = readFileSync(join(relayData, file), 'utf8');
    for (const secret of [sdkKey, page.secret, hash('sha256', sdkKey)]) assert.ok(!text.includes(secret), file);
  }
  await plane.stop();
  relay = await startRelayProcess(plane.url, relayData, [sdkKey]);
  assert.equal(await statusOf(page.secret), 200);
  assert.equal(await statusOf('spw_client_production_unknown'), 401);
});
