import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import {
  type Backend,
  type Echoed,
  echo,
  exchangeRaw,
  type GatewayProcess,
  openRaw,
  routeTo,
  startBackend,
  startGatewayProcess,
} from '../testing/index.ts';

let gateway: GatewayProcess;
let backend: Backend;
let answer: RequestListener = echo('v1');

before(async () => {
  backend = await startBackend((request, response) => answer(request, response));
  gateway = await startGatewayProcess();
  await gateway.admin.putRoute(routeTo([backend.url], { path_prefix: '/' }));
});

beforeEach(() => {
  answer = echo('v1');
});

after(async () => {
  await gateway.stop();
  await backend.close();
});

const HOST = 'Host: shop.test:8080\r\n';

async function echoed(head: string): Promise<Echoed> {
  const all = await exchangeRaw(gateway.port, `${head}Connection: close\r\n\r\n`, 2_000);
  return JSON.parse(all.slice(all.indexOf('\r\n\r\n') + 4)) as Echoed;
}

test('headers that speak to the next hop only are not passed on, nor those that Connection lists', async () => {
  const all = await exchangeRaw(
    gateway.port,
    `GET /a HTTP/1.1\r\n${HOST}Connection: close, X-Private\r\nX-Private: 1\r\nKeep-Alive: timeout=3\r\nProxy-Connection: x\r\n` +
      'TE: trailers\r\nTrailer: x\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\nProxy-Authorization: x\r\nX-Public: 2\r\n\r\n',
    2_000,
  );
  const { headers } = JSON.parse(all.slice(all.indexOf('\r\n\r\n') + 4)) as Echoed;
  for (const name of [
    'x-private',
    'keep-alive',
    'proxy-connection',
    'te',
    'trailer',
    'upgrade',
    'http2-settings',
    'proxy-authorization',
  ]) {
    assert.equal(headers[name], undefined, name);
  }
  assert.equal(headers['x-public'], '2');
});

test('the instance learns who asked, for which host and over what; claims of the client are dropped', async () => {
  const { headers } = await echoed(
    `GET /a HTTP/1.1\r\n${HOST}X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Host: evil\r\nX-Forwarded-Proto: https\r\nForwarded: for=6.6.6.6\r\nVia: 1.0 edge\r\n`,
  );
  assert.equal(headers.host, 'shop.test:8080');
  assert.equal(headers['x-forwarded-for'], '127.0.0.1');
  assert.equal(headers['x-forwarded-host'], 'shop.test:8080');
  assert.equal(headers['x-forwarded-proto'], 'http');
  assert.equal(headers.forwarded, undefined);
  assert.equal(headers.via, '1.0 edge, 1.1 spillway');
});

test('header lines keep their case, order and repetition', async () => {
  const { rawHeaders } = await echoed(`GET /a HTTP/1.1\r\n${HOST}X-oNe: 1\r\nx-two: 2\r\nX-oNe: 3\r\n`);
  const ours = rawHeaders.flatMap((name, i) =>
    i % 2 === 0 && /^x-(one|two)$/i.test(name) ? [`${name}=${rawHeaders[i + 1]}`] : [],
  );
  assert.deepEqual(ours, ['X-oNe=1', 'x-two=2', 'X-oNe=3']);
});

test('a request that comes round through the gateway again and again gets 508', async () => {
  const via = Array(9).fill('1.1 spillway').join(', ');
  assert.match(await exchangeRaw(gateway.port, `GET / HTTP/1.1\r\n${HOST}Via: ${via}\r\n\r\n`), /^HTTP\/1\.1 508 /);
});

test('Expect: 100-continue is answered when the body is wanted', async () => {
  const client = await openRaw(gateway.port);
  client.send(`POST /a HTTP/1.1\r\n${HOST}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n`);
  await client.until('HTTP/1.1 100 Continue\r\n\r\n');
  client.send('hello');
  const all = await client.until('"body":"hello"');
  assert.match(all, /HTTP\/1\.1 200 OK/);
  assert.doesNotMatch(all, /"expect"/i);
  client.socket.destroy();
});

test('an Expect that nobody knows gets 417, and one without a route gets its 404 without a 100', async () => {
  assert.match(
    await exchangeRaw(gateway.port, `POST / HTTP/1.1\r\n${HOST}Expect: wonders\r\nContent-Length: 1\r\n\r\n`),
    /^HTTP\/1\.1 417 /,
  );
  await gateway.admin.putRoute(routeTo([backend.url], { path_prefix: '/only' }));
  const all = await exchangeRaw(
    gateway.port,
    `POST /else HTTP/1.1\r\n${HOST}Expect: 100-continue\r\nContent-Length: 1\r\n\r\n`,
  );
  await gateway.admin.putRoute(routeTo([backend.url]));
  assert.match(all, /^HTTP\/1\.1 404 .*Connection: close/s);
});

test('HEAD, 204 and 304 have no body, and the next answer on the connection is in its place', async () => {
  answer = (request, response) => {
    if (request.url === '/204') response.writeHead(204).end();
    else if (request.url === '/304') response.writeHead(304, { etag: '"x"' }).end();
    else response.writeHead(200, { 'content-length': 5 }).end(request.method === 'HEAD' ? undefined : 'hello');
  };
  const client = await openRaw(gateway.port);
  for (const line of ['HEAD /', 'GET /204', 'GET /304', 'HEAD /', 'GET /'])
    client.send(`${line} HTTP/1.1\r\n${HOST}Cookie: user=1\r\n\r\n`);
  const all = await client.until('hello');
  client.socket.destroy();
  assert.deepEqual(
    [...all.matchAll(/HTTP\/1\.1 (\d+)/g)].map((each) => each[1]),
    ['200', '204', '304', '200', '200'],
  );
  assert.equal(all.match(/hello/g)?.length, 1);
  assert.doesNotMatch(all, /transfer-encoding/i);
});

test('a chunked answer and its trailers reach the client', async () => {
  answer = (_, response) => {
    response.writeHead(200, { trailer: 'x-sum', 'x-a': 'b' });
    response.write('one ');
    response.write('two');
    response.addTrailers({ 'x-sum': '7', 'set-cookie': 'x=y' });
    response.end();
  };
  const all = await exchangeRaw(gateway.port, `GET / HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`, 2_000);
  assert.match(all, /transfer-encoding: chunked/i);
  assert.match(all, /0\r\nx-sum: 7\r\n\r\n$/);
  assert.doesNotMatch(all, /x=y/);
});

test('an HTTP/1.0 client gets an answer that ends with the connection', async () => {
  answer = (_, response) => {
    response.write('one ');
    response.end('two');
  };
  const all = await exchangeRaw(gateway.port, 'GET / HTTP/1.0\r\n\r\n', 2_000);
  assert.match(all, /\r\n\r\none two$/);
  assert.doesNotMatch(all, /transfer-encoding/i);
});

test('103 Early Hints are passed on before the answer', async () => {
  answer = (_, response) => {
    response.writeEarlyHints({ link: '</a.css>; rel=preload' });
    setTimeout(() => response.end('done'), 50);
  };
  const all = await exchangeRaw(gateway.port, `GET / HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`, 2_000);
  assert.match(all, /^HTTP\/1\.1 103 Early Hints\r\nlink: <\/a\.css>; rel=preload\r\n\r\nHTTP\/1\.1 200 OK/i);
});

test('pipelined requests are answered in order, although the first is the slowest', async () => {
  answer = (request, response) => {
    setTimeout(() => response.end(`[${request.url}]`), request.url === '/1' ? 100 : 1);
  };
  const client = await openRaw(gateway.port);
  client.send(['/1', '/2', '/3'].map((path) => `GET ${path} HTTP/1.1\r\n${HOST}\r\n`).join(''));
  const all = await client.until('[/3]');
  client.socket.destroy();
  assert.deepEqual(all.match(/\[\/\d\]/g), ['[/1]', '[/2]', '[/3]']);
});

test('a pipelined request waits for the one before it when either can change something', async () => {
  const order: string[] = [];
  answer = (request, response) => {
    order.push(`begin ${request.url}`);
    request.resume();
    setTimeout(() => {
      order.push(`end ${request.url}`);
      response.end(`[${request.url}]`);
    }, 40);
  };
  const client = await openRaw(gateway.port);
  client.send(
    `POST /1 HTTP/1.1\r\n${HOST}Content-Length: 2\r\n\r\nabGET /2 HTTP/1.1\r\n${HOST}\r\nPOST /3 HTTP/1.1\r\n${HOST}Content-Length: 0\r\n\r\n`,
  );
  await client.until('[/3]');
  client.socket.destroy();
  assert.deepEqual(order, ['begin /1', 'end /1', 'begin /2', 'end /2', 'begin /3', 'end /3']);
});

test('nonsense after pipelined requests is refused after their answers', async () => {
  answer = (request, response) => {
    setTimeout(() => response.end(`[${request.url}]`), 50);
  };
  const client = await openRaw(gateway.port);
  client.send(`GET /1 HTTP/1.1\r\n${HOST}\r\nGET /2 HTTP/1.1\r\n${HOST}\r\nNONSENSE\r\n\r\n`);
  const all = await client.closed();
  assert.deepEqual(
    [...all.matchAll(/HTTP\/1\.1 (\d+)|\[\/\d\]/g)].map((each) => each[1] ?? each[0]),
    ['200', '[/1]', '200', '[/2]', '400'],
  );
});

test('routes are chosen by host first and then by the longest prefix that ends at a segment', async () => {
  const others = await Promise.all(['api', 'api-v2', 'host'].map((name) => startBackend(echo(name))));
  const [api = '', apiV2 = '', host = ''] = others.map((each) => each.url);
  await gateway.admin.putRoute(routeTo([api], { service: 'test/api', path_prefix: '/api' }));
  await gateway.admin.putRoute(routeTo([apiV2], { service: 'test/api-v2', path_prefix: '/api/v2/' }));
  await gateway.admin.putRoute(routeTo([host], { service: 'test/host', hostname: 'Other.test' }));
  const ask = async (hostname: string, path: string) =>
    (await echoed(`GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\n`)).name;
  assert.equal(await ask('shop.test', '/'), 'v1');
  assert.equal(await ask('shop.test', '/apis'), 'v1');
  assert.equal(await ask('shop.test', '/api'), 'api');
  assert.equal(await ask('shop.test', '/api?x=1'), 'api');
  assert.equal(await ask('shop.test', '/api/v20'), 'api');
  assert.equal(await ask('shop.test', '/api/v2'), 'api-v2');
  assert.equal(await ask('shop.test', '/api/v2/x'), 'api-v2');
  assert.equal(await ask('OTHER.test.:80', '/api'), 'host');
  for (const service of ['test/api', 'test/api-v2', 'test/host']) await gateway.admin.deleteRoute(service);
  assert.equal(await ask('other.test', '/api'), 'v1');
  await Promise.all(others.map((each) => each.close()));
});

test('large answers that wait for their clients at the same time stay what their instances sent', async () => {
  const length = 16_777_216;
  answer = (request, response) => response.end(Buffer.alloc(length, request.url?.at(-1) ?? ''));
  const paths = ['a', 'b', 'c'];
  // All are under way before any of them is read to its end.
  const answers = await Promise.all(paths.map((path) => fetch(`http://127.0.0.1:${gateway.port}/${path}`)));
  const bodies = await Promise.all(answers.map(async (each) => Buffer.from(await each.arrayBuffer())));
  for (const [i, path] of paths.entries()) assert.ok(bodies[i]?.equals(Buffer.alloc(length, path)), path);
});
