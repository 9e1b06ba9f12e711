import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import {
  eventually,
  exchangeRaw,
  type GatewayProcess,
  openRaw,
  routeTo,
  startGatewayProcess,
  startTcpBackend,
} from '../testing/index.ts';

let gateway: GatewayProcess;

before(async () => {
  gateway = await startGatewayProcess();
});

after(async () => {
  await gateway.stop();
});

/** An instance that says its name in front of whatever it is sent, and refuses upgrades on /refused. */
async function startWebSocketBackend(name: string) {
  const sockets = new WebSocketServer({ noServer: true });
  sockets.on('connection', (socket) => {
    socket.on('message', (message: Buffer) => socket.send(`${name}:${message.toString()}`));
  });
  const server = createServer((_, response) => response.end(name));
  server.on('upgrade', (request, socket, early) => {
    if (request.url === '/refused') socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nX-Why: no\r\n\r\nno');
    else sockets.handleUpgrade(request, socket, early, (open) => sockets.emit('connection', open, request));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      for (const open of sockets.clients) open.terminate();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

async function say(socket: WebSocket, text: string): Promise<string> {
  socket.send(text);
  const [answer] = (await once(socket, 'message')) as [Buffer];
  return answer.toString();
}

test('a WebSocket stays with the version it began on, while new ones follow the route', async () => {
  const one = await startWebSocketBackend('v1');
  const two = await startWebSocketBackend('v2');
  await gateway.admin.putRoute(routeTo([one.url]));
  const first = new WebSocket(`${gateway.url.replace('http', 'ws')}/chat`);
  await once(first, 'open');
  assert.equal(await say(first, 'hello'), 'v1:hello');

  await gateway.admin.putRoute(routeTo([], { versions: [{ version: 'v2', share: 100_000, urls: [two.url] }] }));
  assert.equal(await say(first, 'still'), 'v1:still');
  const second = new WebSocket(`${gateway.url.replace('http', 'ws')}/chat`);
  await once(second, 'open');
  assert.equal(await say(second, 'hello'), 'v2:hello');
  assert.equal(await say(first, 'x'.repeat(300_000)), `v1:${'x'.repeat(300_000)}`);

  const underWay = (await gateway.admin.metrics()).services['test/app'];
  assert.deepEqual([underWay?.v1?.in_flight, underWay?.v2?.in_flight], [1, 1]);
  first.close();
  second.terminate();
  await once(first, 'close');
  await eventually(async () => {
    const { v1, v2 } = (await gateway.admin.metrics()).services['test/app'] ?? {};
    return (
      v1?.in_flight === 0 &&
      v2?.in_flight === 0 &&
      v1.requests === 1 &&
      v2.requests === 1 &&
      v1.errors + v2.errors === 0
    );
  }, 'both are over, without errors');
  await one.close();
  await two.close();
});

test('what an instance says when it refuses an upgrade reaches the client', async () => {
  const backend = await startWebSocketBackend('v1');
  await gateway.admin.putRoute(routeTo([backend.url]));
  const upgrade = 'Host: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';
  const refused = await exchangeRaw(gateway.port, `GET /refused HTTP/1.1\r\n${upgrade}\r\n`, 1_000);
  assert.match(refused, /^HTTP\/1\.1 403 Forbidden\r\n.*X-Why: no\r\n.*\r\n\r\nno$/s);
  await backend.close();
});

test('an upgrade to anything but a WebSocket is answered as an ordinary request', async () => {
  const backend = await startWebSocketBackend('plain');
  await gateway.admin.putRoute(routeTo([backend.url]));
  const head =
    'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n';
  assert.match(await exchangeRaw(gateway.port, head, 1_000), /^HTTP\/1\.1 200 .*plain/s);
  await backend.close();
});

test('an upgrade that HTTP/1.0 asks for is answered as an ordinary request', async () => {
  const backend = await startWebSocketBackend('v1');
  await gateway.admin.putRoute(routeTo([backend.url]));
  const head =
    'Host: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
  assert.match(await exchangeRaw(gateway.port, `GET /chat HTTP/1.1\r\n${head}`), /^HTTP\/1\.1 101 /);
  assert.match(await exchangeRaw(gateway.port, `GET /chat HTTP/1.0\r\n${head}`), /^HTTP\/1\.1 200 /);
  await backend.close();
});

test('an upgrade with a body is refused', async () => {
  const backend = await startWebSocketBackend('v1');
  await gateway.admin.putRoute(routeTo([backend.url]));
  const head =
    'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 3\r\n\r\nabc';
  assert.match(await exchangeRaw(gateway.port, head, 1_000), /^HTTP\/1\.1 400 /);
  await backend.close();
});

test('an upgrade finds another instance when the first refuses connections, and gets 503 when all do', async () => {
  const gone = await startWebSocketBackend('gone');
  await gone.close();
  const backend = await startWebSocketBackend('v1');
  await gateway.admin.putRoute(routeTo([gone.url, backend.url]));
  const socket = new WebSocket(gateway.url.replace('http', 'ws'));
  await once(socket, 'open');
  assert.equal(await say(socket, 'hello'), 'v1:hello');
  socket.terminate();
  await gateway.admin.putRoute(routeTo([gone.url]));
  const head = 'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
  assert.match(await exchangeRaw(gateway.port, head, 1_000), /^HTTP\/1\.1 503 /);
  await backend.close();
});

test('a client that leaves closes the connection to the instance', async () => {
  const backend = await startWebSocketBackend('v1');
  await gateway.admin.putRoute(routeTo([backend.url]));
  const client = await openRaw(gateway.port);
  client.send(
    'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await client.until('101 Switching Protocols');
  client.socket.resetAndDestroy();
  await eventually(async () => (await gateway.admin.metrics()).services['test/app']?.v1?.in_flight === 0, 'over');
  await backend.close();
});

const UPGRADE =
  'Host: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

test('a client that leaves before its upgrade is answered leaves nothing behind', async () => {
  const backend = await startTcpBackend(() => undefined);
  await gateway.admin.putRoute(routeTo([backend.url]));
  const inFlight = async () => (await gateway.admin.metrics()).services['test/app']?.v1?.in_flight;
  const client = await openRaw(gateway.port);
  client.send(`GET / HTTP/1.1\r\n${UPGRADE}`);
  await eventually(async () => (await inFlight()) === 1, 'under way');
  client.socket.end();
  await eventually(async () => (await inFlight()) === 0, 'over');
  client.socket.destroy();
  await backend.close();
});

test('a client that leaves its connection open after its upgrade was refused is cut off', async () => {
  const backend = await startWebSocketBackend('v1');
  await gateway.admin.putRoute(routeTo([backend.url]));
  const client = await openRaw(gateway.port);
  client.send(`GET /refused HTTP/1.1\r\n${UPGRADE}GET /behind HTTP/1.1\r\nHost: a.test\r\n\r\n`);
  const all = await client.closed();
  assert.equal(all.match(/HTTP\/1\.1 \d/g)?.length, 1);
  await eventually(() => {
    client.socket.write('x');
    return client.socket.destroyed;
  }, 'writing fails');
  await backend.close();
});

test('what a client sends before it is joined arrives first', async () => {
  const backend = await startTcpBackend((socket) => {
    let came = '';
    socket.on('data', (piece) => {
      came += piece.toString();
      if (came.endsWith('joined')) socket.end(came.slice(came.indexOf('\r\n\r\n') + 4));
      else if (came.includes('\r\n\r\n'))
        setTimeout(
          () => socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
          100,
        );
    });
  });
  await gateway.admin.putRoute(routeTo([backend.url]));
  const client = await openRaw(gateway.port);
  client.send(`GET / HTTP/1.1\r\n${UPGRADE}one `);
  await new Promise((resolve) => setTimeout(resolve, 30));
  client.send('two ');
  await client.until('101 Switching');
  client.send('joined');
  assert.match(await client.closed(), /\r\n\r\none two joined$/);
  client.socket.destroy();
  await backend.close();
});
