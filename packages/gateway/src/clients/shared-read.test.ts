import assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import { after, before, beforeEach, test } from 'node:test';
import {
  type Backend,
  eventually,
  type GatewayProcess,
  openRaw,
  routeTo,
  startBackend,
  startGatewayProcess,
  startTcpBackend,
} from '../testing/index.ts';
import { PIPELINED_MAX } from './connection.ts';
import { shareReads } from './shared-read.ts';

/** All connections are read into one buffer: whatever is kept of one has to survive what comes on the others. */

let gateway: GatewayProcess;
let backend: Backend;
/** Told once the answers to `/held…` may leave. */
let letGo = Promise.withResolvers<void>();
let isHolding = false;

before(async () => {
  backend = await startBackend((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const path = request.url ?? '';
      if (path.startsWith('/held')) {
        isHolding = true;
        await letGo.promise;
      }
      response.end(`[${path}]${Buffer.concat(chunks).toString('latin1')}`);
    });
  });
  gateway = await startGatewayProcess();
});

beforeEach(async () => {
  letGo = Promise.withResolvers();
  isHolding = false;
  await gateway.admin.putRoute(routeTo([backend.url]));
});

after(async () => {
  await gateway.stop();
  await backend.close();
});

const HEAD = 'HTTP/1.1\r\nHost: a.test\r\nX-User: 1\r\n';
const post = (path: string, body: string) => `POST ${path} ${HEAD}Content-Length: ${body.length}\r\n\r\n${body}`;

/** Another client, whose bytes come where those of the others were. */
async function overwrite(): Promise<void> {
  const client = await openRaw(gateway.port);
  client.send(post('/other', '#'.repeat(60_000)));
  await client.until(/#$/);
  client.socket.destroy();
}

test('bodies that came with their heads, before an instance was connected to, arrive as they were sent', async () => {
  const letters = [...'abcdefghijklmnopqrst'];
  const clients = await Promise.all(letters.map(() => openRaw(gateway.port)));
  for (const [i, letter] of letters.entries()) clients[i]?.send(post(`/${letter}`, letter.repeat(3_000)));
  for (const [i, letter] of letters.entries()) {
    await clients[i]?.until(`[/${letter}]${letter.repeat(3_000)}`);
    clients[i]?.socket.destroy();
  }
});

for (const framing of ['length', 'chunked']) {
  test(`a body that its instance is slow to read arrives as it was sent, by ${framing}`, async () => {
    let received = '';
    let reader: Socket | undefined;
    const slow = await startTcpBackend((socket) => {
      reader = socket.pause();
      socket.on('data', (chunk: Buffer) => {
        received += chunk.toString('latin1');
      });
    });
    await gateway.admin.putRoute(
      routeTo([backend.url], { versions: [{ version: 'v1', share: 100_000, urls: [slow.url] }] }),
    );
    const client = await openRaw(gateway.port);
    const size = 6_000_000;
    client.send(`POST / ${HEAD}`);
    client.send(framing === 'length' ? `Content-Length: ${size}\r\n\r\n` : 'Transfer-Encoding: chunked\r\n\r\n');
    if (framing === 'chunked') client.send(`${size.toString(16)}\r\n`);
    client.send('a'.repeat(size));
    if (framing === 'chunked') client.send('\r\n0\r\n\r\n');
    await eventually(() => reader !== undefined, 'the instance is connected to');
    await gateway.admin.putRoute(routeTo([backend.url]));
    await overwrite();
    reader?.resume();
    await eventually(() => (received.match(/a/g)?.length ?? 0) >= size, 'the whole body', 10_000);
    assert.doesNotMatch(received, /#/);
    client.socket.destroy();
    await slow.close();
  });
}

test('requests that wait for their turn are those that were sent', async () => {
  const count = PIPELINED_MAX + 20;
  const client = await openRaw(gateway.port);
  const requests = Array.from({ length: count }, (_, i) => `GET /held-${i} ${HEAD}\r\n`);
  client.send(requests.join(''));
  await eventually(() => isHolding, 'the first is with the instance');
  await overwrite();
  letGo.resolve();
  const answers = await client.until(`[/held-${count - 1}]`);
  assert.deepEqual(
    [...answers.matchAll(/\[\/held-(\d+)\]/g)].map((match) => Number(match[1])),
    Array.from({ length: count }, (_, i) => i),
  );
  client.socket.destroy();
});

test('what a client sends behind an upgrade, early and late, arrives as it was sent', async () => {
  let received = '';
  let answer: () => void = () => undefined;
  const peer = await startTcpBackend((socket) => {
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
    });
    answer = () =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
  });
  await gateway.admin.putRoute(routeTo([peer.url]));
  const client = await openRaw(gateway.port);
  client.send(`GET / ${HEAD}Upgrade: websocket\r\nConnection: Upgrade\r\n\r\nfirst,`);
  await eventually(() => received.includes('\r\n\r\n'), 'the instance is asked');
  client.send('second,');
  await gateway.admin.putRoute(routeTo([backend.url]));
  await overwrite();
  answer();
  await client.until('101');
  client.send(`third${'.'.repeat(200_000)}`);
  await eventually(() => received.length > 200_000, 'all has arrived');
  assert.match(received, /\r\n\r\nfirst,second,third\.+$/);
  client.socket.destroy();
  await peer.close();
});

test('a paused connection is not read, and is read on when it is resumed', async () => {
  const pieces: string[] = [];
  let shared: Socket | undefined;
  const server = createServer((accepted) => {
    shared = shareReads(accepted, (bytes, length) => {
      pieces.push(bytes.toString('latin1', 0, length));
      shared?.pause();
    }).socket;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const client = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
  client.write('one');
  await eventually(() => pieces.length === 1, 'the first piece');
  client.write('two');
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual(pieces, ['one']);
  shared?.resume();
  await eventually(() => pieces.length === 2, 'the second piece');
  assert.deepEqual(pieces, ['one', 'two']);
  client.destroy();
  shared?.destroy();
  server.close();
});

test('a stream without a handle is read as streams are, until it is released', async () => {
  const [near, far] = duplexPair();
  const pieces: string[] = [];
  const reads = shareReads(near as Socket, (bytes, length) => pieces.push(bytes.toString('latin1', 0, length)));
  far.write('one');
  await eventually(() => pieces.length === 1, 'the first piece');
  reads.release();
  const late: string[] = [];
  reads.socket.on('data', (bytes: Buffer) => late.push(bytes.toString()));
  far.write('two');
  await eventually(() => late.length === 1, 'the second piece');
  assert.deepEqual([pieces, late], [['one'], ['two']]);
});
