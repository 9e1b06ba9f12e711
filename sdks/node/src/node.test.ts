import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { Snapshot } from '@spillway/evaluator';
import { createClient, type NodeClient } from './index.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-node-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const snapshot: Snapshot = {
  format: 'spillway.snapshot/1',
  project: 'default',
  environment: 'production',
  number: 3,
  flags: {
    checkout: {
      key: 'checkout',
      version: 1,
      type: 'string',
      variants: [{ name: 'new', value: 'new' }],
      services: [],
      enabled: true,
      off_variant: 'new',
      targets: [],
      rules: [],
      fallthrough: { variant: 'new' },
      bucketing: { algorithm: 'spillway-1', by: 'targetingKey', seed: 'checkout' },
    },
  },
  segments: {},
  switches: {},
};

async function startServer(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`id: 3\nevent: snapshot\ndata: ${JSON.stringify(snapshot)}\n\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

test('P3: what one process learned, the next one starts from when the server is gone', async () => {
  const cacheFile = join(folder, 'deep', 'cache.json');
  const server = await startServer();
  const options = { url: server.url, sdkKey: 'key', cacheFile, log: () => {} };
  const first = createClient(options);
  assert.equal((await first.initialize()).is, 'ready');
  await first.close();
  await server.close();
  const [signature = '', kept = ''] = (await readFile(cacheFile, 'utf8')).split('\n');
  assert.match(signature, /^spillway\.cache\/1 [0-9a-f]{64}$/);
  assert.deepEqual(JSON.parse(kept), snapshot);
  assert.equal((await stat(cacheFile)).mode & 0o077, 0, 'nobody else may read it');
  assert.deepEqual(await readdir(join(folder, 'deep')), ['cache.json']);

  const second = createClient(options);
  const status = await second.initialize({ timeoutMs: 3_000 });
  assert.deepEqual([status.is, status.source, status.configuration], ['stale', 'cache', 3]);
  assert.equal(second.string('checkout', {}, 'old'), 'new');
  await second.close();
});

test('SECURITY: a cache that was changed, cut, or written with another key is not used', async () => {
  const cacheFile = join(folder, 'signed.json');
  const server = await startServer();
  const first = createClient({ url: server.url, sdkKey: 'key', cacheFile, log: () => {} });
  await first.initialize();
  await first.close();
  await server.close();
  const written = await readFile(cacheFile, 'utf8');

  const answerOf = async (stored: string, sdkKey = 'key') => {
    await writeFile(cacheFile, stored);
    const warnings: string[] = [];
    const log = (_: string, message: string) => void warnings.push(message);
    const client = createClient({ url: 'http://127.0.0.1:9', sdkKey, cacheFile, log });
    await client.initialize({ timeoutMs: 300 });
    await client.close();
    return [client.string('checkout', {}, 'old'), warnings.some((warning) => warning.includes('not signed with'))];
  };
  assert.deepEqual(await answerOf(written), ['new', false]);
  assert.deepEqual(await answerOf(written, 'another'), ['old', true]);
  assert.deepEqual(await answerOf(written.replaceAll('"new"', '"odd"')), ['old', true]);
  assert.deepEqual(await answerOf(written.slice(0, -1)), ['old', true]);
  assert.deepEqual(await answerOf(written.split('\n')[1] ?? ''), ['old', true]);
});

test('P3: without an address, or with nonsense for options, a client answers what the code says', async () => {
  for (const options of [undefined, null, {}, { url: undefined, sdkKey: undefined }, { url: 5, sdkKey: {} }]) {
    const client: NodeClient = Reflect.apply(createClient, undefined, [options && { log: () => {}, ...options }]);
    assert.equal((await client.initialize({ timeoutMs: 100 })).is, 'starting');
    assert.equal(client.string('checkout', {}, 'old'), 'old');
    for (const details of [undefined, null, 5, 'x', [], throwing])
      Reflect.apply(client.track, client, ['x', {}, details]);
    await client.close();
  }
});

const throwing = {
  get value() {
    throw new Error('an application’s own');
  },
};

test('P3: a cache that cannot be written is a warning, not a failure', async () => {
  await writeFile(join(folder, 'file'), '');
  const server = await startServer();
  const warnings: string[] = [];
  const client = createClient({
    url: server.url,
    sdkKey: 'key',
    cacheFile: join(folder, 'file', 'cache.json'),
    log: (_, message) => warnings.push(message),
  });
  assert.equal((await client.initialize()).is, 'ready');
  await client.close();
  await server.close();
  assert.ok(warnings.some((warning) => warning.includes('not cached')));
});

test('P3: a process waits for initialize without a server, and ends by itself', async () => {
  const script = `
    import { createClient } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
    const client = createClient({ url: 'http://127.0.0.1:9', sdkKey: 'key', log: () => {} });
    const { is } = await client.initialize({ timeoutMs: 500 });
    console.log(is, client.boolean('checkout', {}, true));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (part: Buffer) => {
    said += part.toString();
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  assert.deepEqual([code, said.trim()], [0, 'starting true']);
});
