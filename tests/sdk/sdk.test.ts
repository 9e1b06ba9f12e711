import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Client as ApiClient, createClient as createApiClient } from '@spillway/contract/client';
import { type Client, createClient, type NodeClientOptions } from '@spillway/node';
import { eventually, type Started, startSpillway, temporaryDirectory } from '../../apps/server/src/start-testing.ts';

const directory = temporaryDirectory();
let spillway: Started;
let api: ApiClient;
let sdkKey: string;
let tokenKey: string;
const opened: Client[] = [];
const context = { targetingKey: 'user-1' };

function open(options: Partial<NodeClientOptions> = {}): Client {
  const client = createClient({ url: spillway.url, sdkKey, log: () => undefined, ...options });
  opened.push(client);
  return client;
}

/** Answers the flag's new version. */
async function setPercentage(flag: string, percentage: number): Promise<number> {
  const changed = await api.call('updateFlagEnvironment', {
    params: { key: flag, environment: 'production' },
    query: { reason: 'test' },
    body: { enabled: true, percentage },
  });
  assert.ok(changed.ok, JSON.stringify(changed));
  return changed.value.version;
}

function sees(client: Client, version: number): boolean {
  return client.details('checkout', context, false).flagMetadata.flagVersion === version;
}

before(async () => {
  spillway = await startSpillway(directory.path);
  const file: { readonly token: string } = JSON.parse(readFileSync(join(directory.path, 'client.json'), 'utf8'));
  api = createApiClient({ baseUrl: spillway.url, token: file.token });
  const flag = await api.call('createFlag', { body: { key: 'checkout', type: 'boolean' } });
  assert.ok(flag.ok, JSON.stringify(flag));
  const token = await api.call('createToken', { body: { name: 'sdk', kind: 'sdk', environment: 'production' } });
  assert.ok(token.ok, JSON.stringify(token));
  sdkKey = token.value.secret;
  tokenKey = token.value.key;
});

after(async () => {
  await Promise.all(opened.map((client) => client.close()));
  await spillway?.stop();
  directory.remove();
});

test('F10: a change reaches a connected SDK by itself, and SDK and server give one answer', async () => {
  const client = open();
  assert.equal((await client.initialize({ timeoutMs: 5_000 })).is, 'ready');
  assert.equal(client.boolean('checkout', context, true), false);
  await setPercentage('checkout', 50);
  await eventually(
    'the new configuration arrives',
    () => client.details('checkout', context, false).reason === 'SPLIT',
  );
  for (let index = 0; index < 200; index++) {
    const user = { targetingKey: `user-${index}` };
    const answer = await api.call('evaluateFlag', {
      params: { key: 'checkout' },
      body: { context: user, environment: 'production' },
    });
    assert.ok(answer.ok);
    assert.deepEqual(answer.value, client.details('checkout', user, false));
  }
});

test('K1: a fired switch is obeyed at once, and its release gives back what was there', async () => {
  const client = open();
  await client.initialize({ timeoutMs: 5_000 });
  const version = await setPercentage('checkout', 100);
  await eventually('on', () => sees(client, version));
  const before = client.details('checkout', context, false);
  await api.call('activateSwitch', {
    params: { key: 'stop-checkout' },
    body: { reason: 'test', scope: 'feature', affects: ['checkout'] },
  });
  await eventually(
    'killed',
    () => client.details('checkout', context, true).flagMetadata.killSwitch === 'stop-checkout',
  );
  assert.equal(client.boolean('checkout', context, true), false);
  await api.call('releaseSwitch', { params: { key: 'stop-checkout' }, body: { reason: 'test' } });
  await eventually('released', () => client.boolean('checkout', context, false));
  const { configuration: _, ...metadata } = client.details('checkout', context, false).flagMetadata;
  const { configuration: __, ...metadataBefore } = before.flagMetadata;
  assert.deepEqual(metadata, metadataBefore);
});

test('P3: the server gone, answers stay; the server back, the SDK follows again', async () => {
  const cacheFile = join(directory.path, 'sdk-cache.json');
  const client = open({ cacheFile });
  await client.initialize({ timeoutMs: 5_000 });
  const version = await setPercentage('checkout', 100);
  await eventually('on', () => sees(client, version));
  await eventually('cached', () => existsSync(cacheFile));
  const pid = Number(readFileSync(join(directory.path, 'control.lock.pid'), 'utf8'));
  process.kill(pid, 'SIGKILL');
  await eventually('the SDK notices', () => client.status().is === 'stale');
  assert.equal(client.boolean('checkout', context, false), true);

  const offline = open({ url: 'http://127.0.0.1:9', cacheFile });
  const status = await offline.initialize({ timeoutMs: 1_000 });
  assert.notEqual(status.is, 'ready');
  assert.equal(offline.boolean('checkout', context, false), true, 'from disk');

  await eventually('the SDK is back', () => client.status().is === 'ready', 20_000);
  await setPercentage('checkout', 0);
  await eventually('and follows', () => !client.boolean('checkout', context, true));
});

test('P8: a revoked key ends the stream; the last good values stay', async () => {
  const client = open();
  await client.initialize({ timeoutMs: 5_000 });
  const version = await setPercentage('checkout', 100);
  await eventually('on', () => sees(client, version));
  const revoked = await api.call('revokeToken', { params: { key: tokenKey } });
  assert.ok(revoked.ok, JSON.stringify(revoked));
  await eventually('refused', () => client.status().is === 'failed');
  assert.equal(client.boolean('checkout', context, false), true);
});

test('F11: what an application was answered shows in the usage of the flag', async () => {
  const token = await api.call('createToken', { body: { name: 'counted', kind: 'sdk', environment: 'production' } });
  assert.ok(token.ok, JSON.stringify(token));
  const client = open({ sdkKey: token.value.secret });
  assert.equal((await client.initialize()).is, 'ready');
  client.boolean('checkout', context, false);
  client.boolean('checkout', context, false);
  const before = await usageOf('checkout');
  await client.close();
  const after = await usageOf('checkout');
  assert.equal(after - before, 2);
});

test('F18: the configuration that an application was answered from shows in the usage of the flag', async () => {
  const token = await api.call('createToken', { body: { name: 'numbered', kind: 'sdk', environment: 'production' } });
  assert.ok(token.ok, JSON.stringify(token));
  const client = open({ sdkKey: token.value.secret });
  assert.equal((await client.initialize()).is, 'ready');
  const { variant = '', flagMetadata } = client.details('checkout', context, false);
  await client.close();
  const usage = await api.call('flagUsage', { params: { key: 'checkout' }, query: { environment: 'production' } });
  assert.ok(usage.ok, JSON.stringify(usage));
  const { first, last } = usage.value.environments.production?.configurations[variant] ?? { first: 0, last: 0 };
  assert.ok(first >= 1 && first <= last, `${first}-${last}`);
  assert.equal(last, flagMetadata.configuration);
});

async function usageOf(key: string): Promise<number> {
  const usage = await api.call('flagUsage', { params: { key }, query: { environment: 'production' } });
  assert.ok(usage.ok, JSON.stringify(usage));
  return usage.value.environments.production?.evaluations ?? 0;
}
