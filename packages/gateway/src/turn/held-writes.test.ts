import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import {
  eventually,
  openRaw,
  type RawClient,
  routeTo,
  startGatewayProcess,
  startTcpBackend,
} from '../testing/index.ts';
import { holdWrites, writeHeld } from './held-writes.ts';

/** A real connection: what is written to `near` is received by `far`. */
async function connection(): Promise<{ near: Socket; far: RawClient; close: () => void }> {
  const accepted = Promise.withResolvers<Socket>();
  const server = createServer((socket) => accepted.resolve(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const far = await openRaw(typeof address === 'object' && address ? address.port : 0);
  const near = await accepted.promise;
  return {
    near,
    far,
    close() {
      near.destroy();
      server.close();
    },
  };
}

test('what is held leaves at the end of the turn, in order, with what was written meanwhile', async () => {
  const { near, far, close } = await connection();
  holdWrites(near);
  near.write('one ');
  holdWrites(near);
  near.write('two ');
  near.write('three');
  assert.equal(near.bytesWritten - near.writableLength, 0);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(near.writableCorked, 0);
  near.write('.');
  await far.until(/\.$/);
  assert.equal(far.received(), 'one two three.');
  close();
});

test('what is held is not lost when its socket ends, or is destroyed once it was written', async () => {
  for (const finish of [(socket: Socket) => socket.end(), (socket: Socket) => socket.destroySoon(), destroyWritten]) {
    const { near, far, close } = await connection();
    holdWrites(near);
    near.write('all of it');
    finish(near);
    assert.equal(await far.closed(), 'all of it');
    close();
  }
});

function destroyWritten(socket: Socket): void {
  writeHeld(socket);
  socket.destroy();
}

test('an answer that came together with the failure of the next one on its connection still reaches the client', async (t) => {
  const asked: Socket[] = [];
  const backend = await startTcpBackend((socket) => socket.once('data', () => asked.push(socket)));
  t.after(() => backend.close());
  const gateway = await startGatewayProcess();
  t.after(() => gateway.stop());
  await gateway.admin.putRoute(routeTo([backend.url]));
  for (let i = 0; i < 20; i++) {
    asked.length = 0;
    const client = await openRaw(gateway.port);
    client.send('GET /1 HTTP/1.1\r\nHost: a.test\r\n\r\n');
    await eventually(() => asked.length === 1, 'the first request');
    client.send('GET /2 HTTP/1.1\r\nHost: a.test\r\n\r\n');
    await eventually(() => asked.length === 2, 'the second request');
    asked[1]?.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsome');
    await new Promise((resolve) => setTimeout(resolve, 20));
    asked[0]?.write('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nwhole');
    asked[1]?.destroy();
    assert.match(await client.closed(), /\r\n\r\nwhole/);
  }
});
