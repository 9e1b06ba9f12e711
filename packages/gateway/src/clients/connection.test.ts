import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { after, before, test } from 'node:test';
import {
  type Backend,
  eventually,
  exchangeRaw,
  type GatewayProcess,
  openRaw,
  routeTo,
  startBackend,
  startGatewayProcess,
} from '../testing/index.ts';
import { PIPELINED_MAX } from './connection.ts';
import { UNREAD_BODY_MAX } from './request.ts';

let gateway: GatewayProcess;
/** One that waits for nothing long. */
let hasty: GatewayProcess;
let backend: Backend;

const LARGE = 300_000;
const AT_A_TIME = 32;

/** `/echo` answers with the body, `/slow` late, `/large` with many bytes in pieces, everything else with its path. */
function serve(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const path = request.url ?? '';
    if (path === '/echo') response.end(Buffer.concat(chunks));
    else if (path === '/slow') setTimeout(() => response.end('[/slow]'), 150);
    else if (path === '/large') {
      response.writeHead(200, { 'content-type': 'text/plain' });
      for (let sent = 0; sent < LARGE; sent += 50_000) response.write('#'.repeat(50_000));
      response.end();
    } else response.setHeader('content-length', path.length + 2).end(`[${path}]`);
  });
}

before(async () => {
  backend = await startBackend(serve);
  gateway = await startGatewayProcess();
  hasty = await startGatewayProcess({
    env: { SPILLWAY_GATEWAY_REQUEST_MS: '600', SPILLWAY_GATEWAY_IDLE_MS: '500', SPILLWAY_GATEWAY_HEAD_MS: '400' },
  });
  await gateway.admin.putRoute(routeTo([backend.url]));
  await hasty.admin.putRoute(routeTo([backend.url]));
});

after(async () => {
  await gateway.stop();
  await hasty.stop();
  await backend.close();
});

const HOST = 'Host: a.test\r\nX-User: 1\r\n';

const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\n${HOST}${more}\r\n`;

/** The status codes and bracketed bodies in the order they came. */
function told(all: string): (string | undefined)[] {
  return [...all.matchAll(/HTTP\/1\.1 (\d+)|\[[^\]]*\]/g)].map((each) => each[1] ?? each[0]);
}

test('requests and their bodies arrive the same, wherever they are cut', async () => {
  const body = 'some body';
  const bytes =
    `POST /echo HTTP/1.1\r\n${HOST}Content-Length: ${body.length}\r\n\r\n${body}` +
    `POST /echo HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n5;a=b\r\n body\r\n0\r\n\r\n${get('/end', 'Connection: close\r\n')}`;
  const cutAt = async (cut: number) => {
    const client = await openRaw(gateway.port);
    client.send(bytes.slice(0, cut));
    await new Promise((resolve) => setTimeout(resolve, 20));
    client.send(bytes.slice(cut));
    const all = await client.closed(20_000);
    client.socket.destroy();
    assert.deepEqual(told(all), ['200', '200', '200', '[/end]'], `cut at ${cut}`);
    assert.equal(all.match(/some body/g)?.length, 2, `cut at ${cut}`);
  };
  for (let from = 1; from < bytes.length; from += AT_A_TIME) {
    const cuts = Array.from({ length: Math.min(AT_A_TIME, bytes.length - from) }, (_, i) => from + i);
    await Promise.all(cuts.map(cutAt));
  }
});

test('a large answer waits for its turn behind a slow one and arrives whole', async () => {
  const client = await openRaw(gateway.port);
  client.send(get('/slow') + get('/large') + get('/after') + get('/end', 'Connection: close\r\n'));
  const all = await client.closed();
  assert.deepEqual(told(all), ['200', '[/slow]', '200', '200', '[/after]', '200', '[/end]']);
  assert.equal(all.match(/#/g)?.length, LARGE);
  assert.ok(all.indexOf('[/slow]') < all.indexOf('##') && all.lastIndexOf('##') < all.indexOf('[/after]'));
  client.socket.destroy();
});

test('far more pipelined requests than may wait at once all get their answers, in order', async () => {
  const paths = Array.from({ length: PIPELINED_MAX * 20 }, (_, i) => `/${i}`);
  const client = await openRaw(gateway.port);
  client.send(get('/slow') + paths.map((path) => get(path)).join(''));
  const last = `[${paths.at(-1)}]`;
  const all = await client.until(last, 10_000);
  client.socket.destroy();
  assert.deepEqual(
    all.match(/\[[^\]]*\]/g),
    ['/slow', ...paths].map((path) => `[${path}]`),
  );
});

test('a body that does not come in time gets 408', async () => {
  const client = await openRaw(hasty.port);
  client.send(`POST /echo HTTP/1.1\r\n${HOST}Content-Length: 10\r\n\r\nsome`);
  assert.match(await client.closed(3_000), /^HTTP\/1\.1 408 .*Connection: close/s);
  client.socket.destroy();
  await eventually(async () => (await hasty.admin.metrics()).services['test/app']?.v1?.in_flight === 0, 'over');
});

test('a connection that waits too long for its next request is closed without a word', async () => {
  const client = await openRaw(hasty.port);
  client.send(get('/a'));
  const all = await client.closed(3_000);
  assert.deepEqual(told(all), ['200', '[/a]']);
  client.socket.destroy();
});

test('a head that follows an answered request has its own time to come', async () => {
  const client = await openRaw(hasty.port);
  client.send(`${get('/a')}GET /b HT`);
  const all = await client.closed(3_000);
  assert.deepEqual(told(all), ['200', '[/a]', '408']);
  client.socket.destroy();
});

test('a client that sends much more than was read still gets to read why it was refused', async () => {
  const client = await openRaw(gateway.port);
  client.socket.on('error', () => undefined);
  client.send(`POST / HTTP/1.1\r\n${HOST}${HOST}Content-Length: ${UNREAD_BODY_MAX}\r\n\r\n`);
  client.send(Buffer.alloc(UNREAD_BODY_MAX / 2));
  assert.match(await client.closed(), /^HTTP\/1\.1 400 .*More than one Host header\.\n$/s);
  client.socket.destroy();
});

test('a refused connection that the client leaves open is closed all the same', async () => {
  const client = await openRaw(gateway.port);
  client.send('NONSENSE\r\n\r\n');
  await client.closed();
  await eventually(() => {
    client.socket.write('x');
    return client.socket.destroyed;
  }, 'writing fails');
});

test('an HTTP/1.0 client keeps its connection when it asks for that and the answer has a length', async () => {
  const client = await openRaw(gateway.port);
  client.send('GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
  assert.match(await client.until('[/a]'), /\r\nConnection: keep-alive\r\n/);
  client.send('GET /b HTTP/1.0\r\n\r\n');
  assert.match(await client.closed(), /\[\/a\]HTTP\/1\.1 200 .*\r\nConnection: close\r\n.*\[\/b\]$/s);
  client.socket.destroy();
});

test('an upgrade that is not wanted leaves the connection to the requests behind it', async () => {
  const h2c = 'Connection: Upgrade\r\nUpgrade: h2c\r\n';
  const all = await exchangeRaw(
    gateway.port,
    `${get('/1', h2c)}POST /echo HTTP/1.1\r\n${HOST}${h2c}Content-Length: 3\r\n\r\n[2]${get('/3', 'Connection: close\r\n')}`,
    2_000,
  );
  assert.deepEqual(told(all), ['200', '[/1]', '200', '[2]', '200', '[/3]']);
});

test('an upgrade behind a request without an answer is refused after it', async () => {
  const all = await exchangeRaw(
    gateway.port,
    get('/slow') + get('/ws', 'Connection: Upgrade\r\nUpgrade: websocket\r\n') + get('/behind'),
    2_000,
  );
  assert.deepEqual(told(all), ['200', '[/slow]', '400']);
});

test('answers have a date, of the instance or of the gateway itself', async () => {
  const all = await exchangeRaw(gateway.port, get('/a') + get('/refused', HOST), 200);
  assert.equal(all.match(/\r\nDate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n/g)?.length, 2);
});

test('a client that half closes within a request is told so, and its request does not stay', async () => {
  const client = await openRaw(gateway.port);
  client.socket.end(`POST /echo HTTP/1.1\r\n${HOST}Content-Length: 10\r\n\r\nsome`);
  assert.match(await client.closed(), /^HTTP\/1\.1 400 /);
  await eventually(async () => (await gateway.admin.metrics()).services['test/app']?.v1?.in_flight === 0, 'over');
  assert.equal((await gateway.admin.metrics()).services['test/app']?.v1?.errors, 0);
});

test('CONNECT is refused', async () => {
  const all = await exchangeRaw(gateway.port, `CONNECT a.test:443 HTTP/1.1\r\n${HOST}\r\n${get('/behind')}`);
  assert.deepEqual(told(all), ['405']);
});
