import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type ClientOptions, WebSocket } from 'ws';
import { ADMIN_TOKEN, createWorld, type World } from '../testing/world.ts';

const SHOP = 'https://shop.example';
const CONTEXT = { targetingKey: 'ana' };

let world: World;
before(async () => {
  world = await createWorld({ allowedOrigins: [SHOP], heartbeatMs: 50 });
  for (const key of ['checkout', 'other']) {
    const rules = [
      { id: 'sekrit', when: { attribute: 'plan', operator: 'equals', values: ['sekrit'] }, serve: { variant: 'on' } },
    ];
    const body = { key, environments: { production: { enabled: true, rules, fallthrough: { variant: 'off' } } } };
    const made = await world.call('POST', '/api/v1/feature-flags?reason=test', { token: ADMIN_TOKEN, body });
    assert.equal(made.status, 201, made.text);
  }
});
after(() => world.close());

async function serve(flag: string, variant: string): Promise<void> {
  const path = `/api/v1/feature-flags/${flag}/environments/production?reason=test`;
  const answer = await world.call('PATCH', path, { token: ADMIN_TOKEN, body: { fallthrough: { variant } } });
  assert.equal(answer.status, 200, answer.text);
}

interface Message {
  readonly id?: number;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

function connect(hello?: object | string | Buffer, options: ClientOptions = {}, port = world.port) {
  const webSocket = new WebSocket(`ws://127.0.0.1:${port}/ws`, options);
  const messages: Message[] = [];
  let closed: { readonly code: number } | undefined;
  webSocket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString('utf8'))));
  webSocket.on('close', (code) => {
    closed = { code };
  });
  webSocket.on('error', () => undefined);
  if (hello !== undefined) {
    const text = typeof hello === 'string' || Buffer.isBuffer(hello) ? hello : JSON.stringify(hello);
    webSocket.once('open', () => webSocket.send(text));
  }
  const until = async (what: () => boolean) => {
    for (let tries = 0; !what(); tries += 1) {
      assert.ok(tries < 400, JSON.stringify([closed, messages]).slice(0, 500));
      await wait(10);
    }
  };
  return {
    ...{ webSocket, messages, until },
    arrived: (count: number) => until(() => messages.length >= count),
    async code() {
      await until(() => closed !== undefined);
      return closed?.code;
    },
    get isOpen() {
      return webSocket.readyState === WebSocket.OPEN;
    },
  };
}

async function upgradeRefusedWith(path: string, options: ClientOptions): Promise<number | undefined> {
  const webSocket = new WebSocket(`ws://127.0.0.1:${world.port}${path}`, options);
  webSocket.on('error', () => undefined);
  const [, response] = await once(webSocket, 'unexpected-response');
  response.resume();
  return response.statusCode;
}

test('F10: an SDK key gets the snapshot and then what changes, in the words of the SSE stream', async () => {
  const inHeader = connect({}, { headers: { authorization: `Bearer ${world.sdkKey}` } });
  const inMessage = connect({ token: world.sdkKey });
  await Promise.all([inHeader.arrived(1), inMessage.arrived(1)]);
  const snapshot = await world.call('GET', '/api/v1/sdk/snapshot', { token: world.sdkKey });
  for (const { messages } of [inHeader, inMessage]) {
    assert.equal(messages[0]?.event, 'snapshot');
    assert.deepEqual(messages[0]?.data, snapshot.json);
    assert.equal(messages[0]?.id, snapshot.json.number);
  }
  await serve('checkout', 'on');
  await inHeader.arrived(2);
  await inMessage.arrived(2);
  assert.equal(inHeader.messages[1]?.event, 'delta');
  assert.deepEqual(inHeader.messages[1], inMessage.messages[1]);

  const missed = connect({ token: world.sdkKey, last_event_id: inHeader.messages[0]?.id });
  await missed.arrived(2);
  const id = inHeader.messages[1]?.id ?? Number.NaN;
  const ending = { id, event: 'current', data: { number: id } };
  assert.deepEqual(missed.messages, [inHeader.messages[1], ending], 'resumed: the delta and no snapshot');
  const current = connect({ token: world.sdkKey, last_event_id: id });
  await current.arrived(1);
  await wait(100);
  assert.deepEqual(current.messages, [ending]);
  assert.ok(current.isOpen);
  for (const { webSocket } of [inHeader, inMessage, missed, current]) webSocket.close();
});

test('F10: a client key gets values for its context and nothing of how they came about', async () => {
  const page = connect({ token: world.clientKey, context: CONTEXT }, { origin: SHOP });
  await page.arrived(1);
  assert.equal(page.messages[0]?.event, 'values');
  await serve('other', 'on');
  await page.arrived(2);
  assert.equal(page.messages[1]?.event, 'change');
  assert.deepEqual(Object.keys(page.messages[1]?.data.flags as object), ['other']);
  assert.doesNotMatch(JSON.stringify(page.messages), /sekrit|rules|segment/);
  page.webSocket.close();
});

test('whoever may not listen is told why, with the status as the closing code', async () => {
  for (const [hello, options, code] of [
    [{}, {}, 4401],
    [{ token: 'forged' }, {}, 4401],
    [{ token: ADMIN_TOKEN }, {}, 4403],
    [{ token: world.sdkKey }, { headers: { authorization: 'Bearer forged' } }, 4401],
    [{ token: world.clientKey, context: CONTEXT }, { origin: 'https://evil.example' }, 4403],
    [{ token: world.clientKey }, {}, 4422],
    [{ token: world.sdkKey, context: CONTEXT }, {}, 4422],
    [{ token: world.sdkKey, last_event_id: -1 }, {}, 4422],
    [{ token: world.sdkKey, more: 1 }, {}, 4422],
    ['{"token":', {}, 4400],
    ['', {}, 4422],
    [Buffer.from([0xff, 0xfe]), {}, 4400],
    [`{"token":"x","token":"y"}`, {}, 4400],
  ] as const) {
    const refused = connect(hello, options);
    assert.equal(await refused.code(), code, JSON.stringify(hello));
    const [problem] = refused.messages;
    assert.equal(problem?.event, 'problem');
    assert.equal(problem?.data.status, code - 4000);
    assert.equal(typeof problem?.data.detail, 'string');
  }
});

test('a session is no key here: a page of another site cannot ride on it', async () => {
  const { code } = (await world.call('POST', '/api/v1/session/codes', { token: ADMIN_TOKEN })).json;
  const origin = world.url;
  const signedIn = await world.call('POST', '/api/v1/session', { body: { code }, headers: { origin } });
  const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? '';
  assert.match(cookie, /spillway_session=/);
  assert.equal(await connect({}, { origin, headers: { cookie } }).code(), 4401);
});

test('before there is a WebSocket, HTTP refuses: queries, crooked heads; other wishes to upgrade are passed over', async () => {
  assert.equal(await upgradeRefusedWith(`/ws?token=${world.sdkKey}`, {}), 400);
  assert.equal(await upgradeRefusedWith('/api/v1/sdk/stream', {}), 401);
  assert.equal(await upgradeRefusedWith('/ws/', {}), 404);
  const h2c = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAAP__' };
  assert.equal((await world.call('GET', '/healthz', { headers: h2c })).status, 200);
  assert.equal((await world.call('GET', '/healthz')).status, 200);
});

test('a plain request is told with 426 which protocol is spoken, also a browser that would rather see a page', async () => {
  for (const headers of [{}, { accept: 'text/html' }]) {
    const answer = await world.call('GET', '/ws', { headers });
    assert.deepEqual(
      [answer.status, answer.headers.upgrade, answer.problem.code],
      [426, 'websocket', 'upgrade_required'],
    );
    assert.deepEqual(answer.problem.errors, [{ field: 'Upgrade', message: 'must be websocket' }]);
  }
  const written = await world.call('POST', '/ws', { body: {} });
  assert.deepEqual([written.status, written.headers.allow], [405, 'GET']);
});

test('who says nothing, too much, or something twice is let go', async () => {
  const silentWorld = await createWorld({ helloMs: 100 });
  try {
    assert.equal(await connect(undefined, {}, silentWorld.port).code(), 4408);
  } finally {
    await silentWorld.close();
  }
  assert.equal(await connect(`{"token":"${'x'.repeat(70_000)}"}`).code(), 1009);
  const talkative = connect({ token: world.sdkKey });
  await talkative.arrived(1);
  talkative.webSocket.send('{}');
  assert.equal(await talkative.code(), 1008);
});

test('a revoked key ends its sockets at once', async () => {
  const body = { name: 'short-lived', kind: 'sdk', environment: 'production' };
  const { json } = await world.call('POST', '/api/v1/tokens', { token: ADMIN_TOKEN, body });
  const reader = connect({ token: json.secret });
  await reader.arrived(1);
  await world.call('DELETE', `/api/v1/tokens/${json.key}`, { token: ADMIN_TOKEN });
  assert.equal(await reader.code(), 4401);
});

test('who answers pings stays, who is gone without a word is cut', async () => {
  const alive = connect({ token: world.sdkKey });
  const gone = connect({ token: world.sdkKey }, { autoPong: false });
  await alive.arrived(1);
  await gone.arrived(1);
  assert.equal(await gone.code(), 1006);
  await wait(100);
  assert.ok(alive.isOpen);
  alive.webSocket.close();
});

test('a reader that takes nothing is cut, and takes nobody with it', async () => {
  const slow = connect({ token: world.sdkKey });
  const quick = connect({ token: world.sdkKey });
  await slow.arrived(1);
  const { size } = world.server.streams;
  (slow.webSocket as unknown as { readonly _socket: Socket })._socket.pause();
  const description = 'x'.repeat(900);
  const keys = Array.from({ length: 400 }, (_, index) => `user-${index}-${description.slice(0, 100)}`);
  for (let round = 0; world.server.streams.size === size; round += 1) {
    assert.ok(round < 400, 'the slow reader was kept');
    const path = '/api/v1/feature-flags/checkout/environments/production?reason=test';
    const targets = [{ variant: 'on', keys: keys.map((key) => `${round}-${key}`) }];
    const answer = await world.call('PATCH', path, { token: ADMIN_TOKEN, body: { targets } });
    assert.equal(answer.status, 200, answer.text);
  }
  assert.ok(quick.isOpen);
  assert.ok(quick.messages.length > 1);
  quick.webSocket.close();
  slow.webSocket.terminate();
});

test('a server that stops says good-bye and does not wait for those who do not', async () => {
  const stopping = await createWorld();
  const polite = connect({ token: stopping.sdkKey }, {}, stopping.port);
  const waiting = connect(undefined, {}, stopping.port);
  await polite.arrived(1);
  const start = performance.now();
  await stopping.close();
  assert.ok(performance.now() - start < 5_000);
  assert.deepEqual([await polite.code(), await waiting.code()], [1001, 1001]);
});
