import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { Agent, type IncomingHttpHeaders, request as sendRequest } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Shop {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  ask(method: string, path: string, more?: { body?: string; cookie?: string; agent?: Agent }): Promise<Answer>;
}

const started: ChildProcess[] = [];

async function startShop(version: string): Promise<Shop> {
  const port = await freePort();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'server.ts')], {
    env: { PATH: process.env.PATH, SHOP_VERSION: version, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), ended]);
  return { child, ended, ask: (method, path, more = {}) => ask(port, method, path, more) };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function ask(
  port: number,
  method: string,
  path: string,
  { body, cookie, agent }: { body?: string; cookie?: string; agent?: Agent },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = cookie === undefined ? {} : { cookie };
    const request = sendRequest({ host: '127.0.0.1', port, method, path, headers, ...(agent ? { agent } : {}) });
    request.once('error', reject);
    request.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    request.end(body);
  });
}

after(() => {
  for (const child of started) child.kill('SIGKILL');
});

function cookieOf({ headers }: Answer): string {
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

describe('given a sound version of the shop', () => {
  let shop: Shop;
  test('it lists, shows, fills a cart and takes the order', async () => {
    shop = await startShop('v2');
    const list = JSON.parse((await shop.ask('GET', '/api/products')).body) as { products: { id: string }[] };
    assert.ok(list.products.some(({ id }) => id === 'tent'));
    const shown = await shop.ask('GET', '/api/products/tent');
    assert.equal(shown.headers['x-shop-version'], 'v2');
    const added = await shop.ask('POST', '/api/cart', { body: '{"product":"tent","quantity":2}' });
    const order = await shop.ask('POST', '/api/checkout', { cookie: cookieOf(added) });
    assert.equal(order.status, 201);
    assert.equal((JSON.parse(order.body) as { total_cents: number }).total_cents, 2 * 18_900);
    assert.match(order.headers['set-cookie']?.[0] ?? '', /Max-Age=0/);
  });

  test('bad input is answered with the mistake, never with a fault', async () => {
    const status = async (method: string, path: string, more?: { body?: string; cookie?: string }) =>
      (await shop.ask(method, path, more)).status;
    assert.equal(await status('POST', '/api/cart', { body: '{' }), 400);
    assert.equal(await status('POST', '/api/cart', { body: '{"product":"__proto__"}' }), 400);
    assert.equal(await status('POST', '/api/cart', { body: '{"product":"tent","quantity":1e9}' }), 400);
    assert.equal(await status('POST', '/api/cart', { body: `"${'x'.repeat(5_000)}"` }), 413);
    assert.equal(await status('POST', '/api/checkout'), 409);
    assert.equal(await status('POST', '/api/checkout', { cookie: 'shop_cart=nothing.1-tent.x-.-' }), 409);
    assert.equal(await status('GET', '/api/products/nothing'), 404);
    assert.equal(await status('DELETE', '/'), 404);
  });

  test('recommendations came with the second version, and the page says which one it is', async () => {
    const first = await startShop('v1');
    assert.doesNotMatch((await first.ask('GET', '/api/products/tent')).body, /recommendations/);
    assert.match((await shop.ask('GET', '/api/products/tent')).body, /"recommendations":\[\{"id":"lantern"/);
    const pages = await Promise.all([first.ask('GET', '/'), shop.ask('GET', '/')]);
    assert.match(pages[0].body, /<span class="badge">v1<\/span>/);
    assert.match(pages[1].body, /<span class="badge">v2<\/span>[\s\S]*Goes well with/);
  });
});

test('the third version fails most checkouts and is slow to show a product', async () => {
  const shop = await startShop('v3');
  const statuses = await Promise.all(
    Array.from(
      { length: 60 },
      async () => (await shop.ask('POST', '/api/checkout', { cookie: 'shop_cart=mug.1' })).status,
    ),
  );
  const failed = statuses.filter((status) => status === 500).length;
  assert.ok(failed > 15 && failed < 55, String(failed));
  const asked = performance.now();
  assert.equal((await shop.ask('GET', '/api/products/mug')).status, 200);
  assert.ok(performance.now() - asked > 1_000);
});

test('on SIGTERM, what is under way is finished, the last answer closes its connection, and it ends with 0', async () => {
  const shop = await startShop('v3');
  const agent = new Agent({ keepAlive: true });
  assert.notEqual((await shop.ask('GET', '/api/products', { agent })).headers.connection, 'close');
  const slow = shop.ask('GET', '/api/products/mug');
  await sleep(100);
  shop.child.kill('SIGTERM');
  await sleep(50);
  assert.equal((await shop.ask('GET', '/healthz')).status, 503);
  assert.equal((await shop.ask('GET', '/api/products', { agent })).headers.connection, 'close');
  const last = await slow;
  assert.equal(last.status, 200);
  assert.equal(last.headers.connection, 'close');
  assert.equal(await shop.ended, 0);
});

test('a version that does not exist is refused by name', async () => {
  const shop = await startShop('v9');
  assert.equal(await shop.ended, 1);
});
