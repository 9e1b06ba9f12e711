import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRaw, type RawAnswer } from '../testing/raw-connection.ts';
import { createWorld, type World } from '../testing/world.ts';

let world: World;
before(async () => {
  world = await createWorld();
  for (const key of ['first', 'second', 'third']) {
    const body = { key, type: 'boolean', environments: { production: { enabled: true } } };
    const created = await world.call('POST', '/api/v1/feature-flags?reason=test', { token: world.adminToken, body });
    assert.equal(created.status, 201, created.text);
  }
});
after(() => world.close());

const BODY = JSON.stringify({ context: { targetingKey: 'ü', country: 'DE' } });
const LENGTH = Buffer.byteLength(BODY);

interface Told {
  readonly token?: string;
  readonly more?: string;
  readonly body?: string;
}

/** A request that the lane takes, unless `more` says otherwise. */
function plain(flag: string, { token = world.sdkKey, more = '', body = BODY }: Told = {}): string {
  return `${head(flag, token)}${more}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

function chunked(flag: string, body = BODY): string {
  const pieces = [body.slice(0, 1), body.slice(1)].map(
    (piece) => `${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`,
  );
  return `${head(flag, world.sdkKey)}Transfer-Encoding: chunked\r\n\r\n${pieces.join('')}0\r\n\r\n`;
}

function head(flag: string, token: string): string {
  return `POST /api/v1/feature-flags/${flag}/evaluate HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`;
}

const HEALTH = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';

function flagOf({ status, body }: RawAnswer): unknown {
  assert.equal(status, 200, body);
  return JSON.parse(body).flagKey ?? JSON.parse(body).status;
}

/** Sends these pieces one after another, far enough apart that each is read by itself. */
async function ask(pieces: readonly (string | Buffer)[], answers: number): Promise<readonly RawAnswer[]> {
  const raw = await openRaw(world.port);
  for (const piece of pieces) {
    raw.send(piece);
    await sleep(4);
  }
  const got: RawAnswer[] = [];
  for (let index = 0; index < answers; index++) got.push(await raw.answer());
  raw.socket.destroy();
  return got;
}

/** So many connections at once that the server is not late for any of them. */
const AT_ONCE = 100;

async function cutEverywhere(text: string, expected: readonly unknown[]): Promise<void> {
  const bytes = Buffer.from(text);
  for (let from = 1; from < bytes.length; from += AT_ONCE) {
    const cuts = Array.from({ length: Math.min(AT_ONCE, bytes.length - from) }, (_, index) => from + index);
    await Promise.all(
      cuts.map(async (cut) => {
        const answers = await ask([bytes.subarray(0, cut), bytes.subarray(cut)], expected.length);
        assert.deepEqual(answers.map(flagOf), expected, `cut at ${cut}`);
      }),
    );
  }
}

test('a request is answered wherever its bytes are cut, and byte by byte', async () => {
  await cutEverywhere(plain('first'), ['first']);
  const bytes = Buffer.from(plain('first'));
  const answers = await ask(
    Array.from(bytes, (_, index) => bytes.subarray(index, index + 1)),
    1,
  );
  assert.deepEqual(answers.map(flagOf), ['first']);
});

test('requests for the lane and others, sent at once, are answered in their order wherever they are cut', async () => {
  const mixed = plain('first') + plain('second') + HEALTH + plain('third') + chunked('first') + plain('second');
  await cutEverywhere(mixed, ['first', 'second', 'ok', 'third', 'first', 'second']);
});

test('answers name the connection as node:http does, and it stays for the next request', async () => {
  const raw = await openRaw(world.port);
  const seen = [];
  // The second request takes the connection away from the lane.
  for (const more of ['', 'Last-Event-ID: 1\r\n', '']) {
    raw.send(plain('first', { more }));
    const { headers } = await raw.answer();
    assert.ok(Math.abs(Date.parse(headers.get('date') ?? '') - Date.now()) < 5_000);
    seen.push([headers.get('connection'), headers.get('keep-alive'), headers.get('cache-control')]);
  }
  assert.deepEqual(seen, new Array(3).fill(['keep-alive', 'timeout=65', 'no-store']));
  raw.send(plain('first', { more: 'Connection: close\r\n' }));
  assert.equal((await raw.answer()).headers.get('connection'), 'close');
  await raw.closed();
});

test('a client that asks to close, and one that sends its end behind the request, get their answer first', async () => {
  const closing = await openRaw(world.port);
  closing.send(plain('first', { more: 'Connection: close\r\n' }));
  assert.equal((await closing.answer()).headers.get('connection'), 'close');
  await closing.closed();
  const ending = await openRaw(world.port);
  ending.socket.end(plain('first') + plain('second'));
  assert.deepEqual([flagOf(await ending.answer()), flagOf(await ending.answer())], ['first', 'second']);
  await ending.closed();
});

test('an end in the middle of a request is told to be one, at any byte', async () => {
  const bytes = Buffer.from(plain('first'));
  const cuts = Array.from({ length: bytes.length - 1 }, (_, index) => index + 1);
  await Promise.all(
    cuts.map(async (cut) => {
      const raw = await openRaw(world.port);
      raw.socket.end(bytes.subarray(0, cut));
      const { status, headers, body } = await raw.answer();
      assert.deepEqual([status, headers.get('content-type')], [400, 'application/problem+json'], `cut at ${cut}`);
      assert.match(body, /"code":"malformed"/);
      await raw.closed();
    }),
  );
});

test('a client that is gone in the middle of a body leaves nothing behind', async () => {
  const raw = await openRaw(world.port);
  raw.send(plain('first').slice(0, -10));
  await sleep(20);
  raw.socket.resetAndDestroy();
  assert.deepEqual((await ask([plain('second')], 1)).map(flagOf), ['second']);
});

test('a body of unknown length is answered, and 100 Continue is said to who waits for it', async () => {
  assert.deepEqual((await ask([chunked('first')], 1)).map(flagOf), ['first']);
  const raw = await openRaw(world.port);
  raw.send(`${head('second', world.sdkKey)}Expect: 100-continue\r\nContent-Length: ${LENGTH}\r\n\r\n`);
  assert.equal((await raw.answer()).status, 100);
  raw.send(BODY);
  assert.equal(flagOf(await raw.answer()), 'second');
  raw.socket.destroy();
});

test('a body where none belongs is not taken for the next request', async () => {
  const definitions = (more: string) =>
    `GET /api/v1/sdk/snapshot HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${world.sdkKey}\r\n${more}\r\n`;
  const body = 'GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n';
  const answers = await ask(
    [definitions(''), definitions(`Content-Length: ${body.length}\r\n`) + body + plain('second')],
    3,
  );
  assert.deepEqual(
    answers.map(({ status, body: text }) => [status, JSON.parse(text).format ?? JSON.parse(text).flagKey]),
    [
      [200, 'spillway.snapshot/1'],
      [200, 'spillway.snapshot/1'],
      [200, 'second'],
    ],
  );
});

test('too much is refused as it is elsewhere: headers, a long body, a body of unknown length', async () => {
  const header = `X: ${'a'.repeat(20_000)}\r\n`;
  const [headers] = await ask([plain('first', { more: header })], 1);
  assert.equal(headers?.status, 431);
  const body = JSON.stringify({ context: { a: 'x'.repeat(1_100_000) } });
  for (const request of [plain('first', { body }), chunked('first', body)]) {
    const [refused] = await ask([request], 1);
    assert.deepEqual([refused?.status, /"code":"too_large"/.test(refused?.body ?? '')], [413, true]);
  }
  // More than the lane takes, less than anybody refuses.
  const [large] = await ask([plain('first', { more: `X: ${'a'.repeat(9_000)}\r\n` })], 1);
  assert.equal(large?.status, 200);
});

test('a key that is revoked between two requests of a connection opens nothing any more', async () => {
  const body = { name: 'short-lived', kind: 'sdk', environment: 'production' };
  const issued = await world.call('POST', '/api/v1/tokens', { token: world.adminToken, body });
  const token = String(issued.json.secret);
  const raw = await openRaw(world.port);
  raw.send(plain('first', { token }));
  assert.equal((await raw.answer()).status, 200);
  await world.call('DELETE', `/api/v1/tokens/${String(issued.json.key)}`, { token: world.adminToken });
  raw.send(plain('first', { token }) + plain('second'));
  const refused = await raw.answer();
  assert.deepEqual([refused.status, refused.headers.get('www-authenticate')], [401, 'Bearer realm="spillway"']);
  assert.equal(flagOf(await raw.answer()), 'second');
  raw.socket.destroy();
});

test('bytes that two readers could understand differently are refused, also behind a plain request', async () => {
  for (const [what, broken] of [
    ['length and chunks', plain('first', { more: 'Transfer-Encoding: chunked\r\n' })],
    ['two lengths', plain('first', { more: 'Content-Length: 3\r\n' })],
    ['a signed length', plain('first').replace('Content-Length: ', 'Content-Length: +')],
    ['a list of lengths', plain('first').replace(/Content-Length: (\d+)/, 'Content-Length: $1, $1')],
    ['a bare line feed', plain('first', { more: 'A: b\n' })],
    ['a bare carriage return', plain('first', { more: 'A: b\rc\r\n' })],
    ['a blank before the colon', plain('first', { more: 'A : b\r\n' })],
    ['a line without a colon', plain('first', { more: 'A\r\n' })],
    ['a NUL', plain('first', { more: 'A: b\0c\r\n' })],
  ] as const) {
    const answers = await ask([plain('second') + broken], 2);
    assert.deepEqual([answers[0]?.status, answers[1]?.status], [200, 400], what);
  }
});

test('a page of another site is told by the door for browsers, whoever read its request', async () => {
  const request = (origin: string) =>
    `POST /ofrep/v1/evaluate/flags/first HTTP/1.1\r\nHost: x\r\n${origin}Authorization: Bearer ${world.clientKey}\r\nContent-Type: application/json\r\nContent-Length: ${LENGTH}\r\n\r\n${BODY}`;
  const [own, foreign] = await ask([request('') + request('Origin: https://other.example\r\n')], 2);
  assert.deepEqual([own?.status, own?.headers.get('vary')], [200, 'Origin']);
  assert.deepEqual([foreign?.status, foreign?.headers.get('vary')], [403, 'Origin']);
});

test('who sends nothing, or half a request and no more, is given up in time', async () => {
  const requestTimeoutMs = 700;
  const hasty = await createWorld({ requestTimeoutMs });
  const started = performance.now();
  const silent = await openRaw(hasty.port);
  const halves = await Promise.all(
    [10, head('first', world.sdkKey).length, plain('first').length - 5].map(async (cut) => {
      const raw = await openRaw(hasty.port);
      raw.send(plain('first', { token: hasty.sdkKey }).slice(0, cut));
      return raw;
    }),
  );
  for (const raw of [silent, ...halves]) {
    const { status, body } = await raw.answer();
    assert.deepEqual([status, /"code":"timeout"/.test(body)], [408, true]);
    await raw.closed();
  }
  assert.ok(performance.now() - started < requestTimeoutMs * 4);
  await hasty.close();
});

test('a client that reads none of its answers is not read either, and gets all of them once it does', async () => {
  const raw = await openRaw(world.port);
  raw.socket.pause();
  const batch = plain('first').repeat(100);
  const most = 64 * 1_048_576;
  let sent = 0;
  let isTaken = true;
  while (isTaken && sent * batch.length < most) {
    sent += 1;
    const written = new Promise<boolean>((resolve) => raw.socket.write(batch, () => resolve(true)));
    isTaken = await Promise.race([written, sleep(400, false)]);
  }
  assert.ok(!isTaken, `the server took ${sent * batch.length} bytes although nobody read its answers`);
  raw.socket.resume();
  for (let index = 0; index < sent * 100; index++) assert.equal((await raw.answer()).status, 200);
  raw.socket.destroy();
});
