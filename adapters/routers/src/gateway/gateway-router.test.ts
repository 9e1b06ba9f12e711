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
import { routerContract } from '../contract.ts';
import { gatewayRouter } from './gateway-router.ts';

let gateway: GatewayProcess;
let one: Backend;
let two: Backend;
let stateDirectory: string;

before(async () => {
  stateDirectory = await mkdtemp(join(tmpdir(), 'spillway-router-'));
  one = await startBackend((_, response) => response.end('v1'));
  two = await startBackend((_, response) => response.end('v2'));
  gateway = await startGatewayProcess({ stateDirectory });
});

after(async () => {
  await gateway.stop();
  await one.close();
  await two.close();
  await rm(stateDirectory, { recursive: true, force: true });
});

routerContract('gateway router', () => ({
  router: gatewayRouter(gateway.adminAddress, TEST_ADMIN_TOKEN),
  urls: { v1: one.url, v2: two.url },
  ask: async (route, user) =>
    (await fetch(`${gateway.url}${route.path_prefix}`, { headers: { 'x-user': user } })).text(),
  restart: async () => {
    await gateway.stop('SIGKILL');
    gateway = await startGatewayProcess({ stateDirectory });
  },
}));

test('gateway router: a gateway that is gone is an error, not a missing route', async () => {
  const router = gatewayRouter({ is: 'loopback', host: '127.0.0.1', port: 1 }, TEST_ADMIN_TOKEN);
  await assert.rejects(router.observe('contract/any'), /cannot be reached/);
});

test('gateway router: a wrong token is an error that says so', async () => {
  await assert.rejects(
    gatewayRouter(gateway.adminAddress, 'not-the-right-token').observe('contract/any'),
    /admin token/,
  );
});
