import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  type Backend,
  type GatewayProcess,
  startBackend,
  startGatewayProcess,
  TEST_ADMIN_TOKEN,
} from '@spillway/gateway/testing';
import { metricSourceContract } from '../contract.ts';
import { gatewayMetrics } from './gateway-metrics.ts';

const SERVICE = 'contract/shop';

let gateway: GatewayProcess;
let good: Backend;
let bad: Backend;
let stateDirectory: string;

before(async () => {
  stateDirectory = await mkdtemp(join(tmpdir(), 'spillway-metrics-'));
  good = await startBackend((_, response) => response.end('good'));
  bad = await startBackend((_, response) => response.writeHead(500).end('bad'));
  gateway = await startGatewayProcess({ stateDirectory });
  await gateway.admin.putRoute({
    service: SERVICE,
    path_prefix: '/',
    sticky: { header: 'x-user', cookie: 'user' },
    seed: 'seed',
    versions: [
      { version: 'bad', share: 50_000, urls: [bad.url] },
      { version: 'good', share: 50_000, urls: [good.url] },
    ],
  });
  for (let i = 0; !users.good || !users.bad; i++)
    users[(await ask(`user-${i}`)) === 'good' ? 'good' : 'bad'] ??= `user-${i}`;
});

after(async () => {
  await gateway.stop();
  await good.close();
  await bad.close();
  await rm(stateDirectory, { recursive: true, force: true });
});

/** Users whose bucket leads to the version, found by asking; each was counted, so the tests look at differences alone. */
const users: Partial<Record<'good' | 'bad', string>> = {};

async function ask(user: string): Promise<string> {
  return (await fetch(gateway.url, { headers: { 'x-user': user } })).text();
}

metricSourceContract('gateway metrics', () => ({
  source: gatewayMetrics(gateway.adminAddress, TEST_ADMIN_TOKEN),
  service: SERVICE,
  send: async (version) => {
    assert.equal(await ask(users[version] ?? ''), version);
  },
  restart: async () => {
    await gateway.stop('SIGKILL');
    gateway = await startGatewayProcess({ stateDirectory });
  },
}));

test('gateway metrics: a gateway that is gone is an error', async () => {
  const source = gatewayMetrics({ is: 'loopback', host: '127.0.0.1', port: 1 }, TEST_ADMIN_TOKEN);
  await assert.rejects(source.read(SERVICE), /cannot be reached/);
});
