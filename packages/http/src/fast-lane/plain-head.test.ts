import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { openRaw } from '../testing/raw-connection.ts';
import { MAX_PLAIN_HEAD_BYTES, readPlainHead } from './plain-head.ts';

const HEAD =
  'POST /a/b HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\nContent-Type:application/json\r\nX-Empty:\r\nX-Two: a \t b \t\r\n\r\n';

test('a plain head is read as node:http reads it', () => {
  assert.deepEqual(readPlainHead(Buffer.from(`${HEAD}body`)), {
    ...{ method: 'POST', url: '/a/b', httpVersion: '1.1', keepsAlive: true, bytes: HEAD.length },
    rawHeaders: [
      ...['Host', 'x', 'Connection', 'keep-alive', 'Content-Type', 'application/json', 'X-Empty', ''],
      ...['X-Two', 'a \t b'],
    ],
  });
});

test('a head is unfinished up to its last byte, and too long beyond the limit', () => {
  for (let cut = 0; cut < HEAD.length; cut++)
    assert.equal(readPlainHead(Buffer.from(HEAD.slice(0, cut))), 'unfinished');
  const long = (bytes: number) => HEAD.replace('X-Empty:', `X-Empty:${'a'.repeat(bytes - HEAD.length)}`);
  assert.equal(typeof readPlainHead(Buffer.from(long(MAX_PLAIN_HEAD_BYTES))), 'object');
  assert.equal(readPlainHead(Buffer.from(long(MAX_PLAIN_HEAD_BYTES + 1))), 'other');
  assert.equal(readPlainHead(Buffer.alloc(MAX_PLAIN_HEAD_BYTES, 'a')), 'other');
});

test('what is not plain is left to node:http', () => {
  for (const [from, to] of [
    ['POST', 'post'],
    ['POST /a/b', 'POST http://x/a/b'],
    ['/a/b', '/a\u00e4'],
    ['HTTP/1.1', 'HTTP/1.0'],
    ['Host: x', 'Host : x'],
    ['Host: x', 'Host: x\r\n folded'],
    ['Host: x', 'Host: x\n'],
    ['Host: x\r\n', '\r\n'],
    ['Host: x', ': x'],
    ['Host: x', 'Host: \u00e4'],
    ['keep-alive', 'upgrade'],
    ['keep-alive', 'keep-alive, close'],
    ['POST', '\r\nPOST'],
  ] as const) {
    const read = readPlainHead(Buffer.from(HEAD.replace(from, to), 'latin1'));
    // A blank line where the headers should be ends a head without any.
    assert.equal(read, 'other', JSON.stringify(to));
  }
  const closing = readPlainHead(Buffer.from(HEAD.replace('keep-alive', 'Close')));
  assert.equal(typeof closing === 'object' && closing.keepsAlive, false);
});

test('with any byte replaced by any other, what passes as plain is understood by node:http in the same way', async () => {
  const accepted: { readonly head: Buffer; readonly method: string; readonly url: string; rawHeaders: unknown }[] = [];
  let left = 0;
  // Another method or version is another conversation; the lane takes one of each.
  const base = HEAD.replace('Connection: keep-alive\r\n', '');
  for (let at = 'POST '.length; at < base.length; at++) {
    for (let byte = 0; byte < 256; byte++) {
      const head = Buffer.from(base);
      head[at] = byte;
      const read = readPlainHead(head);
      if (typeof read === 'string' || read.bytes !== head.length) left += 1;
      else accepted.push({ head, method: read.method, url: read.url, rawHeaders: read.rawHeaders });
    }
  }
  assert.ok(accepted.length > 4_000 && left > 4_000, `${accepted.length} were plain, ${left} not`);

  const seen: Pick<IncomingMessage, 'method' | 'url' | 'rawHeaders'>[] = [];
  const server = createServer({ requireHostHeader: false, keepAliveTimeout: 1_000 }, (request, response) => {
    seen.push({ method: request.method, url: request.url, rawHeaders: request.rawHeaders });
    response.end();
  });
  server.maxRequestsPerSocket = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const raw = await openRaw((server.address() as AddressInfo).port);
  // All on one connection: a reader who saw another end of any of them would see another request after it.
  raw.send(Buffer.concat(accepted.map(({ head }) => head)));
  for (const _ of accepted) await raw.answer();
  assert.deepEqual(
    seen,
    accepted.map(({ method, url, rawHeaders }) => ({ method, url, rawHeaders })),
  );
  raw.socket.destroy();
  server.close();
});
