import assert from 'node:assert/strict';
import { Agent, request as sendRequest } from 'node:http';
import { after, before, test } from 'node:test';
import { bucketIndex } from '@spillway/statistics';
import {
  type Backend,
  eventually,
  type GatewayProcess,
  openRaw,
  routeTo,
  startBackend,
  startGatewayProcess,
} from './testing/index.ts';

let one: Backend;
let two: Backend;

before(async () => {
  one = await startBackend((request, response) =>
    request.url === '/slow' ? void setTimeout(() => response.end('v1'), 300) : response.end('v1'),
  );
  two = await startBackend((_, response) => response.end('v2'));
});

after(async () => {
  await one.close();
  await two.close();
});

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly cookie: string | undefined;
}

function ask(gateway: GatewayProcess, agent: Agent, headers: Record<string, string> = {}, path = '/'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = sendRequest({ port: gateway.port, host: '127.0.0.1', path, agent, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text, cookie: response.headers['set-cookie']?.[0] }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

function split(shareOfTwo: number) {
  return routeTo([], {
    versions: [
      { version: 'v2', share: shareOfTwo, urls: [two.url] },
      { version: 'v1', share: 100_000 - shareOfTwo, urls: [one.url] },
    ],
  });
}

test('a hundred weight changes under load lose no request of keep-alive clients', async () => {
  const gateway = await startGatewayProcess();
  await gateway.admin.putRoute(split(50_000));
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  let stopped = false;
  const answers = { v1: 0, v2: 0 };
  const failures: string[] = [];
  const clients = Array.from({ length: 16 }, async (_, client) => {
    for (let i = 0; !stopped; i++) {
      try {
        const { status, text } = await ask(gateway, agent, { 'x-user': `${client}-${i}` });
        if (status !== 200 || (text !== 'v1' && text !== 'v2')) failures.push(`${status} ${text}`);
        else answers[text] += 1;
      } catch (error) {
        failures.push(String(error));
      }
    }
  });
  for (let change = 0; change < 100; change++) {
    // Also all and nothing, and a version that leaves the route while its requests are under way.
    if (change % 10 === 9) await gateway.admin.putRoute(routeTo([one.url]));
    else await gateway.admin.putRoute(split((change * 7_919) % 100_001));
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  stopped = true;
  await Promise.all(clients);
  agent.destroy();
  const readings = (await gateway.admin.metrics()).services['test/app'];
  await gateway.stop();
  assert.deepEqual(failures, []);
  assert.ok(answers.v1 + answers.v2 >= 2_000, `${answers.v1 + answers.v2} requests`);
  assert.ok(answers.v1 > 100 && answers.v2 > 100);
  assert.deepEqual([readings?.v1?.requests, readings?.v2?.requests], [answers.v1, answers.v2]);
  assert.deepEqual([readings?.v1?.errors, readings?.v2?.errors], [0, 0]);
});

test('raising the share of the version that comes first never takes a user away from it', async () => {
  const gateway = await startGatewayProcess();
  const agent = new Agent({ keepAlive: true });
  let before = new Set<number>();
  for (const share of [0, 1_000, 10_000, 25_000, 50_000, 99_000, 100_000]) {
    await gateway.admin.putRoute(split(share));
    const now = new Set<number>();
    for (let user = 0; user < 200; user++) {
      if ((await ask(gateway, agent, { 'x-user': `user-${user}` })).text === 'v2') now.add(user);
    }
    for (const user of before) assert.ok(now.has(user), `user ${user} lost v2 at ${share}`);
    assert.ok(Math.abs(now.size / 200 - share / 100_000) < 0.12, `${now.size} of 200 at ${share}`);
    before = now;
  }
  agent.destroy();
  await gateway.stop();
});

test('a user without a key gets one as a cookie, and stays where it puts them', async () => {
  const gateway = await startGatewayProcess();
  await gateway.admin.putRoute(split(50_000));
  const agent = new Agent({ keepAlive: true });
  for (let user = 0; user < 20; user++) {
    const first = await ask(gateway, agent);
    assert.match(first.cookie ?? '', /^user=[0-9a-f-]{36}; Path=\/; HttpOnly; SameSite=Lax$/);
    const cookie = `theme=dark; ${first.cookie?.split(';')[0]}`;
    for (let again = 0; again < 3; again++) {
      const next = await ask(gateway, agent, { cookie });
      assert.equal(next.text, first.text);
      assert.equal(next.cookie, undefined);
    }
  }
  agent.destroy();
  await gateway.stop();
});

test('SIGTERM lets requests under way finish, closes kept connections and exits with 0', async () => {
  const gateway = await startGatewayProcess();
  await gateway.admin.putRoute(split(0));
  const idle = await openRaw(gateway.port);
  const busy = await openRaw(gateway.port);
  busy.send('GET /slow HTTP/1.1\r\nHost: a.test\r\n\r\n');
  await eventually(async () => (await gateway.admin.metrics()).services['test/app']?.v1?.in_flight === 1, 'under way');
  const exit = gateway.stop();
  const answer = await busy.closed();
  await idle.closed();
  assert.match(answer, /^HTTP\/1\.1 200 .*Connection: close.*v1/s);
  assert.equal(await exit, 0);
});

test('SIGTERM does not wait for a request longer than it may', async () => {
  const gateway = await startGatewayProcess({ env: { SPILLWAY_GATEWAY_DRAIN_MS: '100' } });
  const stuck = await startBackend(() => undefined);
  await gateway.admin.putRoute(routeTo([stuck.url]));
  const client = await openRaw(gateway.port);
  client.send('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n');
  await eventually(async () => (await gateway.admin.metrics()).services['test/app']?.v1?.in_flight === 1, 'under way');
  const began = Date.now();
  assert.equal(await gateway.stop(), 0);
  assert.ok(Date.now() - began < 2_000);
  client.socket.destroy();
  await stuck.close();
});

test('metrics count requests, errors by class and latency for each version', async () => {
  const gateway = await startGatewayProcess();
  const failing = await startBackend((request, response) => {
    response.statusCode = request.url === '/bad' ? 500 : 200;
    setTimeout(() => response.end('x'), 40);
  });
  await gateway.admin.putRoute(routeTo([failing.url]));
  const agent = new Agent({ keepAlive: true });
  for (let i = 0; i < 5; i++) await ask(gateway, agent);
  for (let i = 0; i < 3; i++) await ask(gateway, agent, {}, '/bad');
  const { epoch, services } = await gateway.admin.metrics();
  const reading = services['test/app']?.v1;
  assert.equal(epoch, gateway.epoch);
  assert.equal(reading?.requests, 8);
  assert.equal(reading?.errors, 3);
  assert.deepEqual(reading?.errors_by_class, { status_5xx: 3, connect: 0, timeout: 0, reset: 0, protocol: 0 });
  const total = Object.values(reading?.latency ?? {}).reduce((sum, count) => sum + count, 0);
  assert.equal(total, 8);
  for (const bucket of Object.keys(reading?.latency ?? {})) {
    assert.ok(Number(bucket) >= bucketIndex(38) && Number(bucket) <= bucketIndex(500), bucket);
  }
  agent.destroy();
  await failing.close();
  await gateway.stop();
});

test('the process names what is missing and does not start', async () => {
  await assert.rejects(
    startGatewayProcess({ env: { SPILLWAY_GATEWAY_ADMIN_TOKEN: '' } }),
    /SPILLWAY_GATEWAY_ADMIN_TOKEN is missing/,
  );
  await assert.rejects(
    startGatewayProcess({ env: { SPILLWAY_GATEWAY_ADMIN_TOKEN: 'short' } }),
    /at least 16 characters/,
  );
  await assert.rejects(startGatewayProcess({ args: ['--admin-port', 'x'] }), /admin-port must be a whole number/);
  await assert.rejects(startGatewayProcess({ args: ['--host', ''] }), /--host must be an address/);
  await assert.rejects(startGatewayProcess({ args: ['--nonsense'] }), /nonsense/);
});
