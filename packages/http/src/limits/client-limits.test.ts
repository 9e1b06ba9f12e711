import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { createWorld, type World } from '../testing/world.ts';
import type { ClientLimits } from './client-limits.ts';

async function limited(clientLimits: Partial<ClientLimits>, use: (world: World) => Promise<void>): Promise<void> {
  const world = await createWorld({ clientLimits });
  try {
    await use(world);
  } finally {
    await world.close();
  }
}

/** So slow that nothing runs in while a test lasts; three may come at once. */
const SLOW = 0.3;
const AT_ONCE = 3;

const OFREP = '/ofrep/v1/evaluate/flags';
const VALUES = '/api/v1/client/evaluations';
const ask = (world: World, path = OFREP, headers: Readonly<Record<string, string>> = {}, token = world.clientKey) =>
  world.call('POST', path, { token, body: { context: { targetingKey: 'ana' } }, headers });

/** How many of so many are answered, and the first refusal. */
async function flood(count: number, question: () => ReturnType<typeof ask>) {
  const answers = await Promise.all(Array.from({ length: count }, question));
  return {
    answered: answers.filter(({ status }) => status === 200).length,
    refusal: answers.find(({ status }) => status !== 200),
  };
}

for (const path of [OFREP, `${OFREP}/nope`, VALUES]) {
  test(`too many from one address are 429 with Retry-After, in a problem document: ${path}`, () =>
    limited({ perAddress: SLOW, perKey: 0 }, async (world) => {
      for (let count = 0; count < AT_ONCE; count += 1) assert.notEqual((await ask(world, path)).status, 429);
      const answer = await ask(world, path);
      assert.equal(answer.status, 429);
      assert.match(String(answer.headers['retry-after']), /^[1-4]$/);
      assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
      const { code, detail } = answer.problem;
      assert.equal(code, 'rate_limited');
      assert.match(String(detail), /your address: 0\.3 a second.*again in [1-4] s/);
    }));
}

test('a page is told so across origins, and may read how long to wait', () =>
  limited({ perAddress: SLOW, perKey: 0 }, async (world) => {
    const origin = 'https://shop.example';
    const settings = { token: world.adminToken, body: { allowed_origins: [origin] } };
    await world.call('PATCH', '/api/v1/environments/production?reason=test', settings);
    const { answered, refusal } = await flood(20, () => ask(world, VALUES, { origin }));
    assert.equal(answered, AT_ONCE);
    assert.equal(refusal?.status, 429);
    assert.equal(refusal?.headers['access-control-allow-origin'], origin);
    assert.match(String(refusal?.headers['access-control-expose-headers']), /retry-after/);
  }));

test('SDK keys and admin tokens are not counted', () =>
  limited({ perAddress: SLOW, perKey: SLOW }, async (world) => {
    assert.equal((await flood(50, () => ask(world, OFREP, {}, world.sdkKey))).answered, 50);
  }));

test('by default a page may open a few hundred times at once; 0 sets no limit', async () => {
  await limited({}, async (world) => {
    assert.ok((await flood(400, () => ask(world))).answered === 400);
  });
  await limited({ perAddress: 0, perKey: 0 }, async (world) => {
    assert.equal((await flood(1_200, () => ask(world))).answered, 1_200);
  });
});

test('a made up X-Forwarded-For neither escapes the limit nor uses up that of another', () =>
  limited({ perAddress: SLOW, perKey: 0 }, async (world) => {
    const spoofed = { 'x-forwarded-for': '203.0.113.9' };
    const escaping = (_: unknown, index: number) => ask(world, OFREP, { 'x-forwarded-for': `198.51.100.${index}` });
    const answers = await Promise.all(Array.from({ length: 40 }, escaping));
    assert.equal(answers.filter(({ status }) => status === 200).length, AT_ONCE);
    assert.equal((await ask(world, OFREP, spoofed)).status, 429);
  }));

test('behind a trusted proxy each address has its own limit, and whoever makes one up in front of it is found', () =>
  limited({ perAddress: SLOW, perKey: 0, trustedProxies: ['127.0.0.1'] }, async (world) => {
    const from = (text: string) => ask(world, OFREP, { 'x-forwarded-for': text });
    assert.equal((await flood(40, () => from('203.0.113.9'))).answered, AT_ONCE);
    assert.equal((await from('198.51.100.1')).status, 200);
    assert.equal((await from('192.0.2.55, 203.0.113.9')).status, 429);
  }));

test('one address cannot use up the key for the others', () =>
  limited({ perAddress: SLOW, perKey: 2 * SLOW, trustedProxies: ['127.0.0.1'] }, async (world) => {
    const from = (text: string) => ask(world, OFREP, { 'x-forwarded-for': text });
    assert.equal((await flood(200, () => from('203.0.113.9'))).answered, AT_ONCE);
    assert.equal((await flood(20, () => from('198.51.100.1'))).answered, AT_ONCE);
  }));

test('a key has a limit of its own wherever it is shown, and another key is not concerned', () =>
  limited({ perAddress: 0, perKey: SLOW }, async (world) => {
    const { answered, refusal } = await flood(30, () => ask(world));
    assert.equal(answered, AT_ONCE);
    assert.match(String(refusal?.problem.detail), /this client key/);
    const body = { name: 'other', kind: 'client', environment: 'production' };
    const other = await world.call('POST', '/api/v1/tokens', { token: world.adminToken, body });
    assert.equal((await ask(world, OFREP, {}, String(other.json.secret))).status, 200);
  }));

test('WebSockets and tickets are counted with the rest', () =>
  limited({ perAddress: SLOW, perKey: 0 }, async (world) => {
    const [, uri = ''] = /"requestUri":"([^"]+)"/.exec((await ask(world)).text) ?? [];
    await flood(10, () => ask(world));
    assert.equal((await world.call('GET', uri)).status, 429);
    const socket = new WebSocket(`ws://127.0.0.1:${world.port}/ws`);
    socket.once('open', () => socket.send(JSON.stringify({ token: world.clientKey, context: {} })));
    const code = await new Promise((resolve) => socket.once('close', resolve));
    assert.equal(code, 4_429);
  }));

test('requests one after another on one connection are counted as those on many', () =>
  limited({ perAddress: SLOW, perKey: 0 }, async (world) => {
    const body = '{"context":{}}';
    const request = `POST ${OFREP} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${world.clientKey}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    const socket = connect(world.port, '127.0.0.1');
    socket.write(request.repeat(30));
    let text = '';
    const count = (what: RegExp) => text.match(what)?.length ?? 0;
    for await (const chunk of socket) {
      text += String(chunk);
      if (count(/HTTP\/1\.1 /g) >= 30) break;
    }
    assert.equal(count(/HTTP\/1\.1 200/g), AT_ONCE);
    assert.equal(count(/HTTP\/1\.1 429/g), 30 - AT_ONCE);
  }));
