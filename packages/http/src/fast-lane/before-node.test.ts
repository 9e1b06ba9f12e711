import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRaw, type RawConnection } from '../testing/raw-connection.ts';
import { type BeforeNodeParts, enterBeforeNode, type LaneConnections } from './before-node.ts';
import { headerLines } from './header-lines.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const REQUEST =
  'POST /api/v1/evaluate HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}';

let tidyUp: (() => void) | undefined;
afterEach(() => tidyUp?.());

interface Given {
  /** What the lane waits for before it answers. */
  readonly evaluated?: Promise<void>;
  readonly firstByteMs?: number;
  readonly keepAliveMs?: number;
}

/** The lane with an answer of one word before a server that says another. */
async function given({ evaluated, firstByteMs = 5_000, keepAliveMs = 5_000 }: Given = {}) {
  let isClosing = false;
  const server = createServer((_, response) => response.end('node'));
  const lane: BeforeNodeParts['lane'] = {
    admit: async () => ({ kind: 'sdk', name: 'test', project: 'default', environment: 'production' }),
    reply: async () => {
      await evaluated;
      return { status: 200, shared: headerLines({}), own: ['content-length', '4'], body: 'lane' };
    },
  };
  const parts = { lane, log: silent, firstByteMs, keepAliveMs, isClosing: () => isClosing };
  const connections = enterBeforeNode(server, parts);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const accepted: Socket[] = [];
  server.on('connection', (socket: Socket) => accepted.push(socket));
  const raws: RawConnection[] = [];
  tidyUp = () => {
    for (const { socket } of raws) socket.destroy();
    server.close();
  };
  return {
    connections,
    accepted,
    async open(): Promise<RawConnection> {
      const raw = await openRaw(port);
      raws.push(raw);
      return raw;
    },
    close(): Promise<unknown> {
      isClosing = true;
      const closed = once(server, 'close');
      server.close();
      connections.close();
      return closed;
    },
  };
}

async function until(connections: LaneConnections, size: number): Promise<void> {
  for (let waited = 0; connections.size !== size && waited < 2_000; waited += 5) await sleep(5);
  assert.equal(connections.size, size);
}

test('a connection that waits for its next request longer than is kept is closed without a word', async () => {
  const { open } = await given({ keepAliveMs: 50 });
  const raw = await open();
  raw.send(REQUEST);
  assert.equal((await raw.answer()).body, 'lane');
  const started = performance.now();
  await raw.closed();
  await assert.rejects(raw.answer(), /ended after ""/);
  assert.ok(performance.now() - started >= 45);
});

test('a connection on which nothing is ever said is answered as late', async () => {
  const { open } = await given({ firstByteMs: 50 });
  assert.equal((await (await open()).answer()).status, 408);
});

test('closing ends what waits, at once, and what is being answered, after the answer', async () => {
  const { promise: evaluated, resolve } = Promise.withResolvers<void>();
  const { connections, open, close } = await given({ evaluated });
  const [idle, busy, half] = [await open(), await open(), await open()];
  busy.send(REQUEST);
  half.send(REQUEST.slice(0, -1));
  await until(connections, 3);
  await sleep(20);
  const closed = close();
  await idle.closed();
  await until(connections, 1);
  half.send('}');
  assert.equal((await half.answer()).body, 'node');
  resolve();
  const { body, headers } = await busy.answer();
  assert.deepEqual([body, headers.get('connection')], ['lane', 'close']);
  await busy.closed();
  half.socket.destroy();
  await closed;
  assert.equal(connections.size, 0);
});

test('what cannot wait any more is cut off', async () => {
  const { connections, open, close } = await given({ evaluated: new Promise(() => undefined) });
  const raw = await open();
  raw.send(REQUEST);
  await sleep(20);
  const closed = close();
  assert.equal(connections.size, 1);
  connections.closeAll();
  await raw.closed();
  await closed;
});

test('connections that come and go in any state leave nothing behind', async () => {
  const { connections, open } = await given();
  for (const sent of ['', REQUEST.slice(0, 20), REQUEST, REQUEST + REQUEST.slice(0, 30)]) {
    const raw = await open();
    raw.send(sent);
    await sleep(10);
    raw.socket.resetAndDestroy();
  }
  const other = await open();
  other.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  assert.equal((await other.answer()).status, 200);
  await until(connections, 0);
});

test('a connection is not read while a request of it is being answered', async () => {
  const { accepted, open } = await given({ evaluated: new Promise(() => undefined) });
  const raw = await open();
  raw.send(REQUEST);
  await sleep(10);
  for (let index = 0; index < 100; index++) raw.send(Buffer.alloc(100_000));
  await sleep(100);
  assert.ok((accepted[0]?.bytesRead ?? 0) < 1_000_000, `${accepted[0]?.bytesRead} bytes were read`);
});

test('requests that come while one is answered wait for their turn, and an end does not cost them their answers', async () => {
  const { promise: evaluated, resolve } = Promise.withResolvers<void>();
  const { open } = await given({ evaluated });
  const raw = await open();
  raw.send(REQUEST);
  await sleep(10);
  raw.send(REQUEST + REQUEST.slice(0, 50));
  await sleep(10);
  raw.socket.end(REQUEST.slice(50));
  await sleep(10);
  resolve();
  for (let index = 0; index < 3; index++) assert.equal((await raw.answer()).body, 'lane');
  await raw.closed();
});
