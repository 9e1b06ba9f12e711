import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createGzip } from 'node:zlib';
import { jsonOf, MAX_CHARACTERS, textOf } from './body.ts';

const PART = 'x'.repeat(1_000_000);

/** A body that never ends, and how much of it was asked for. */
function endless() {
  const asked = { characters: 0 };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      asked.characters += PART.length;
      controller.enqueue(new TextEncoder().encode(PART));
    },
  });
  return { asked, response: new Response(body) };
}

test('a text comes whole, whatever its characters were cut into', async () => {
  const bytes = new TextEncoder().encode('Größe 𝄞');
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  assert.equal(await textOf(new Response(body)), 'Größe 𝄞');
  assert.equal(await textOf(new Response(null, { status: 204 })), '');
});

test('SECURITY: no more is read than a payload can be', async () => {
  const { asked, response } = endless();
  await assert.rejects(textOf(response), /too long/);
  assert.ok(asked.characters <= MAX_CHARACTERS + 4 * PART.length, `${asked.characters} characters`);
});

test('SECURITY: of what is said about a summary only a little is read; what is no JSON is nothing', async () => {
  const { asked, response } = endless();
  assert.equal(await jsonOf(response), undefined);
  assert.ok(asked.characters <= 4 * PART.length, `${asked.characters} characters`);
  assert.equal(await jsonOf(new Response('{"cut')), undefined);
  assert.deepEqual(await jsonOf(new Response('{"counted":1}')), { counted: 1 });
});

test('SECURITY: a few compressed bytes do not become all the memory there is', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    const swelling = createGzip();
    swelling.pipe(response);
    const write = () => {
      while (!response.destroyed && swelling.write(PART));
    };
    swelling.on('drain', write);
    response.on('close', () => swelling.removeAllListeners('drain'));
    write();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const abort = new AbortController();
    const { port } = server.address() as AddressInfo;
    const before = process.memoryUsage().rss;
    await assert.rejects(textOf(await fetch(`http://127.0.0.1:${port}/`, abort)), /too long/);
    abort.abort();
    const grown = process.memoryUsage().rss - before;
    assert.ok(grown < 600_000_000, `${grown} bytes`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
