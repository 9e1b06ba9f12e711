import assert from 'node:assert/strict';
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

let gateway: GatewayProcess;
let backend: Backend;
/** `method path` of what reached the instance. */
let seen: string[] = [];

const LARGE = 60_000;
const HOST = 'Host: a.test\r\nX-User: 1\r\n';

/** `/large` answers at once, `/held` when it is let go, `/cut` with half of an answer, everything else with its path. */
let letGo: () => void = () => undefined;

before(async () => {
  backend = await startBackend((request, response) => {
    const path = request.url ?? '';
    seen.push(`${request.method} ${path}`);
    request.resume();
    if (path === '/large') response.end(Buffer.alloc(LARGE));
    else if (path === '/held') {
      const before = letGo;
      letGo = () => {
        before();
        response.end(`[${path}]`);
      };
    } else if (path === '/cut') {
      response.writeHead(200, { 'content-length': '10' }).write('half');
      setTimeout(() => response.destroy(), 50);
    } else response.end(`[${path}]`);
  });
  gateway = await startGatewayProcess();
  await gateway.admin.putRoute(routeTo([backend.url]));
});

after(async () => {
  await gateway.stop();
  await backend.close();
});

const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\n${HOST}${more}\r\n`;
const post = (path: string) => `POST ${path} HTTP/1.1\r\n${HOST}Content-Length: 0\r\n\r\n`;
const inFlight = async () => (await gateway.admin.metrics()).services['test/app']?.v1?.in_flight;

test('a client that reads no answers has no more requests read, and gets all answers once it reads', async () => {
  seen = [];
  const client = await openRaw(gateway.port);
  client.socket.pause();
  const count = 400;
  client.send(get('/large').repeat(count) + get('/last', 'Connection: close\r\n'));
  let before = -1;
  await eventually(async () => {
    const isStill = seen.length > 0 && seen.length === before;
    before = seen.length;
    await new Promise((resolve) => setTimeout(resolve, 200));
    return isStill;
  }, 'nothing more is asked of the instance');
  assert.ok(seen.length < count * 0.75, `${seen.length} requests reached the instance`);
  client.socket.resume();
  const all = await client.closed(10_000);
  assert.equal(all.match(/HTTP\/1\.1 200 OK/g)?.length, count + 1);
  client.socket.destroy();
});

test('no more than may wait are read of the requests that come in one piece, whether or not the client ends its side', async () => {
  seen = [];
  const count = PIPELINED_MAX * 3;
  const client = await openRaw(gateway.port);
  client.socket.end(get('/held').repeat(count) + get('/last'));
  await eventually(() => seen.length >= PIPELINED_MAX, 'as many as may wait reached the instance');
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(seen.length, PIPELINED_MAX);
  const letting = setInterval(() => letGo(), 10);
  const all = await client.closed(4_000);
  clearInterval(letting);
  assert.equal(all.match(/\[\/held\]/g)?.length, count);
  assert.match(all, /\[\/last\]$/);
  client.socket.destroy();
});

test('a request that waits behind an answer that is cut is never sent', async () => {
  // So that a connection to the instance is at hand at once.
  await Promise.all([1, 2, 3].map(() => exchangeRaw(gateway.port, get('/large'), 200)));
  seen = [];
  const client = await openRaw(gateway.port);
  client.send(get('/cut') + post('/waiting') + post('/waiting'));
  await client.closed();
  client.socket.destroy();
  await eventually(async () => (await inFlight()) === 0, 'over');
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(seen, ['GET /cut']);
});

test('a request that waits for its turn finds its version even when the route has lost that meanwhile', async () => {
  const other = await startBackend((_, response) => response.end('[other]'));
  const client = await openRaw(gateway.port);
  seen = [];
  client.send(get('/held') + post('/waiting'));
  await eventually(() => seen.includes('GET /held'), 'the first is under way');
  await gateway.admin.putRoute(routeTo([], { versions: [{ version: 'v2', share: 100_000, urls: [other.url] }] }));
  letGo();
  assert.match(await client.until(/\[\/waiting\]/), /\[\/held\].*200 OK.*\[\/waiting\]$/s);
  client.send(get('/next'));
  await client.until('[other]');
  client.socket.destroy();
  await gateway.admin.putRoute(routeTo([backend.url]));
  await other.close();
});

test('a client whose body was not asked for because no instance is there does not go on with its connection', async () => {
  const gone = await startBackend(() => undefined);
  await gone.close();
  await gateway.admin.putRoute(routeTo([gone.url]));
  const client = await openRaw(gateway.port);
  client.send(`POST /a HTTP/1.1\r\n${HOST}Expect: 100-continue\r\nContent-Length: 3\r\n\r\n`);
  const all = await client.closed();
  assert.match(all, /^HTTP\/1\.1 503 .*\r\nConnection: close\r\n/s);
  client.socket.destroy();
  await gateway.admin.putRoute(routeTo([backend.url]));
});
