import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import {
  createEvaluationEvent,
  type EvaluationContext,
  type EvaluationDetails,
  type Hook,
  OpenFeature,
  ProviderEvents,
  ProviderStatus,
} from '@openfeature/server-sdk';
import { createClient, type NodeClientOptions } from '@spillway/node';
import { createTestClient } from '@spillway/node/testing';
import { eventually } from '../../apps/server/src/start-testing.ts';
import { ADMIN_TOKEN, createWorld } from '../../packages/http/src/testing/world.ts';
import { SDK_KEY, type SdkServer, snapshotOf, startSdkServer } from '../../sdks/client/src/testing/sdk-server.ts';
import { type ProviderOptions, SpillwayProvider, type Tracked } from '../../sdks/openfeature-server/src/index.ts';
import { exposedConfiguration } from './exposed-configuration.ts';

const ann = { targetingKey: 'ann' };
let server: SdkServer;

beforeEach(async () => {
  server = await startSdkServer(snapshotOf(3, true));
});

afterEach(async () => {
  await OpenFeature.close();
  OpenFeature.clearHandlers();
  OpenFeature.clearHooks();
  OpenFeature.setContext({});
  await server.close();
});

function providerOf(options: Partial<NodeClientOptions> = {}, more: ProviderOptions = { timeoutMs: 2_000 }) {
  const client = createClient({ url: server.url, sdkKey: SDK_KEY, log: () => undefined, summaries: false, ...options });
  return new SpillwayProvider(client, more);
}

function fixedProvider(flags: Parameters<typeof createTestClient>[0], more: ProviderOptions = {}) {
  const client = createTestClient(flags);
  return { client, provider: new SpillwayProvider(client, more) };
}

/** What reaches the provider, after OpenFeature has merged it. */
function contextSeenBy(hooks: EvaluationContext[]): Hook {
  return {
    after: ({ context }) => {
      hooks.push(context);
    },
  };
}

test('P2: the four types are resolved with variant, reason and metadata', async () => {
  const { provider } = fixedProvider({ on: true, colour: 'red', limit: 3, menu: { items: ['a'] } });
  await OpenFeature.setProviderAndWait(provider);
  const client = OpenFeature.getClient();
  assert.equal(await client.getBooleanValue('on', false, ann), true);
  assert.equal(await client.getNumberValue('limit', 0, ann), 3);
  assert.deepEqual(await client.getObjectValue('menu', {}, ann), { items: ['a'] });
  assert.deepEqual(await client.getStringDetails('colour', 'none', ann), {
    flagKey: 'colour',
    value: 'red',
    variant: 'set',
    reason: 'STATIC',
    flagMetadata: { configuration: 1, flagVersion: 1, version: '1' },
  });
});

test('P2: what cannot be answered is the default, with the error code that says why', async () => {
  const { provider } = fixedProvider({ colour: 'red' });
  await OpenFeature.setProviderAndWait(provider);
  const client = OpenFeature.getClient();
  const missing = await client.getNumberDetails('missing', 7, ann);
  assert.deepEqual([missing.value, missing.reason, missing.errorCode], [7, 'ERROR', 'FLAG_NOT_FOUND']);
  const wrong = await client.getBooleanDetails('colour', true, ann);
  assert.deepEqual([wrong.value, wrong.reason, wrong.errorCode], [true, 'ERROR', 'TYPE_MISMATCH']);
});

test('P2: before the provider is ready, and after a refused key, the default is answered without asking it', async () => {
  server.streams = 'holds_back';
  const waiting = OpenFeature.setProviderAndWait(providerOf({}, { timeoutMs: 300 }));
  const client = OpenFeature.getClient();
  assert.equal(client.providerStatus, ProviderStatus.NOT_READY);
  assert.equal((await client.getBooleanDetails('checkout', false, ann)).errorCode, 'PROVIDER_NOT_READY');
  await assert.rejects(waiting);
  assert.equal(client.providerStatus, ProviderStatus.ERROR);

  server.streams = 'speaks';
  await assert.rejects(OpenFeature.setProviderAndWait(providerOf({ sdkKey: 'wrong' })));
  assert.equal(client.providerStatus, ProviderStatus.FATAL);
  assert.equal((await client.getBooleanDetails('checkout', false, ann)).errorCode, 'PROVIDER_FATAL');
});

test('P2: a server that comes late is heard as READY, and answers', async () => {
  const { port } = server;
  await server.close();
  await assert.rejects(OpenFeature.setProviderAndWait(providerOf({}, { timeoutMs: 100 })));
  const client = OpenFeature.getClient();
  let ready = 0;
  client.addHandler(ProviderEvents.Ready, () => {
    ready += 1;
  });
  server = await startSdkServer(snapshotOf(3, true), port);
  await eventually('it is ready', () => client.providerStatus === ProviderStatus.READY);
  assert.equal(await client.getBooleanValue('checkout', false, ann), true);
  await eventually('it was told', () => ready === 1);
});

test('P2: a change is told with the flags it may have changed, a lost server as STALE, its return as READY', async () => {
  await OpenFeature.setProviderAndWait(providerOf());
  const client = OpenFeature.getClient();
  const told: string[] = [];
  client.addHandler(ProviderEvents.ConfigurationChanged, (event) => {
    told.push(`changed ${event?.flagsChanged?.join()}`);
  });
  client.addHandler(ProviderEvents.Stale, () => {
    told.push('stale');
  });
  server.snapshot = snapshotOf(4, false);
  server.send('snapshot', 4, snapshotOf(4, false));
  await eventually('the change is told', () => told.includes('changed checkout'));
  assert.equal(await client.getBooleanValue('checkout', true, ann), false);

  const { port } = server;
  await server.close();
  await eventually('it is stale', () => client.providerStatus === ProviderStatus.STALE);
  assert.equal(await client.getBooleanValue('checkout', true, ann), false, 'the last good configuration answers');
  assert.ok(told.includes('stale'));
  server = await startSdkServer(snapshotOf(5, true), port);
  await eventually('it is ready again', () => client.providerStatus === ProviderStatus.READY);
});

test('P2: started from a bootstrap without a server it answers and is STALE; with a refused key it answers on', async () => {
  const { url } = server;
  await server.close();
  const bootstrap = snapshotOf(2, true);
  await OpenFeature.setProviderAndWait(providerOf({ url, bootstrap }));
  const client = OpenFeature.getClient();
  await eventually('it is stale', () => client.providerStatus === ProviderStatus.STALE);
  assert.equal(await client.getBooleanValue('checkout', false, ann), true);

  server = await startSdkServer(snapshotOf(3, true));
  await OpenFeature.setProviderAndWait(providerOf({ sdkKey: 'wrong', bootstrap }));
  await eventually('the error is told', () => client.providerStatus === ProviderStatus.ERROR);
  assert.equal(await client.getBooleanValue('checkout', false, ann), true);
});

test('P2: contexts are merged: global, client, invocation, then what before-hooks add; the later wins', async () => {
  const { provider } = fixedProvider({ on: true });
  await OpenFeature.setProviderAndWait(provider);
  const seen: EvaluationContext[] = [];
  const before: Hook = { before: () => ({ d: 'hook' }) };
  OpenFeature.setContext({ a: 'global', b: 'global', c: 'global', d: 'global' });
  const client = OpenFeature.getClient().addHooks(before, contextSeenBy(seen));
  client.setContext({ b: 'client', c: 'client', d: 'client' });
  await client.getBooleanValue('on', false, { c: 'call', d: 'call', targetingKey: 'ann' });
  assert.deepEqual(seen, [{ a: 'global', b: 'client', c: 'call', d: 'hook', targetingKey: 'ann' }]);
});

test('P2: hooks run from the outside in before, and from the inside out after; what throws is the default', async () => {
  const { provider } = fixedProvider({ on: true });
  await OpenFeature.setProviderAndWait(provider);
  const order: string[] = [];
  const noting = (name: string): Hook => ({
    before: () => {
      order.push(`before ${name}`);
    },
    after: () => {
      order.push(`after ${name}`);
    },
    finally: () => {
      order.push(`finally ${name}`);
    },
    error: () => {
      order.push(`error ${name}`);
    },
  });
  OpenFeature.addHooks(noting('global'));
  const client = OpenFeature.getClient().addHooks(noting('client'));
  await client.getBooleanValue('on', false, ann, { hooks: [noting('call')] });
  const inward = ['global', 'client', 'call'];
  const outward = inward.toReversed();
  const steps = (step: string, names: string[]) => names.map((name) => `${step} ${name}`);
  assert.deepEqual(order, [...steps('before', inward), ...steps('after', outward), ...steps('finally', outward)]);

  order.length = 0;
  const throwing: Hook = {
    before: () => {
      throw new Error('no');
    },
  };
  const details = await client.getBooleanDetails('on', false, ann, { hooks: [throwing] });
  assert.deepEqual([details.value, details.reason, details.errorCode], [false, 'ERROR', 'GENERAL']);
  const told = ['client', 'global'];
  assert.deepEqual(order, [...steps('before', told.toReversed()), ...steps('error', told), ...steps('finally', told)]);
});

test('P2: a domain is bound to its own provider; others keep the default one', async () => {
  await OpenFeature.setProviderAndWait(fixedProvider({ colour: 'red' }).provider);
  await OpenFeature.setProviderAndWait('payments', fixedProvider({ colour: 'blue' }).provider);
  const ask = (domain?: string) => OpenFeature.getClient(domain ?? '').getStringValue('colour', 'none', ann);
  assert.deepEqual([await ask(), await ask('payments'), await ask('other')], ['red', 'blue', 'red']);
});

test('P2: OpenFeature closes what it no longer uses', async () => {
  const { client, provider } = fixedProvider({ on: true });
  await OpenFeature.setProviderAndWait(provider);
  await OpenFeature.setProviderAndWait(fixedProvider({}).provider);
  await eventually('it is closed', () => client.status().is === 'closed');
});

test("F18: OpenTelemetry's attributes fill themselves", async () => {
  const { provider } = fixedProvider({ colour: 'red' }, { flagSetId: 'shop/production' });
  await OpenFeature.setProviderAndWait(provider);
  const attributes: unknown[] = [];
  const hook: Hook = {
    finally: (context, details: EvaluationDetails<string>) => {
      attributes.push(createEvaluationEvent(context, details).attributes);
    },
  };
  await OpenFeature.getClient().getStringValue('colour', 'none', ann, { hooks: [hook as Hook] });
  assert.deepEqual(attributes, [
    {
      'feature_flag.key': 'colour',
      'feature_flag.provider.name': 'spillway',
      'feature_flag.result.reason': 'static',
      'feature_flag.result.variant': 'set',
      'feature_flag.result.value': 'red',
      'feature_flag.context.id': 'ann',
      'feature_flag.set.id': 'shop/production',
      'feature_flag.version': '1',
    },
  ]);
});

test('F18: exposures say which configuration answered, the one that flag metadata names', async (t) => {
  const world = await createWorld();
  t.after(() => world.close());
  const flag = { key: 'checkout', type: 'boolean', environments: { production: { enabled: true } } };
  const made = await world.call('POST', '/api/v1/feature-flags?reason=test', { token: ADMIN_TOKEN, body: flag });
  assert.equal(made.status, 201, made.text);
  await OpenFeature.setProviderAndWait(providerOf({ url: world.url, sdkKey: world.sdkKey, exposures: true }));
  const { flagMetadata } = await OpenFeature.getClient().getBooleanDetails('checkout', false, ann);
  await OpenFeature.clearProviders();
  const configuration = await exposedConfiguration(world, 'checkout');
  assert.deepEqual([configuration, configuration > 0], [flagMetadata.configuration, true]);
});

test('P2: dates are compared as instants, nested objects are reached, and odd values are as if not given', async () => {
  const flag = snapshotOf(3, false).flags.checkout;
  assert.ok(flag);
  const serve = { variant: 'on' };
  const rules = [
    {
      id: 'early',
      when: { attribute: 'signed_up', operator: 'before' as const, values: ['2026-01-01T00:00:00Z'] },
      serve,
    },
    { id: 'pro', when: { attribute: 'plan', path: ['name'], operator: 'equals' as const, values: ['pro'] }, serve },
  ];
  server.snapshot = snapshotOf(3, false, { flags: { checkout: { ...flag, rules } } });
  await OpenFeature.setProviderAndWait(providerOf());
  const client = OpenFeature.getClient();
  const ask = (more: EvaluationContext) => client.getBooleanDetails('checkout', false, { ...ann, ...more });
  assert.equal((await ask({ signed_up: new Date('2025-12-31') })).flagMetadata.rule, 'early');
  assert.equal((await ask({ signed_up: new Date('2026-01-02') })).value, false);
  assert.equal((await ask({ plan: { name: 'pro', since: new Date() } })).flagMetadata.rule, 'pro');
  const circular: Record<string, unknown> = {};
  for (let index = 0; index < 20; index += 1) circular[`self-${index}`] = circular;
  const odd = { signed_up: new Date(Number.NaN), circular, big: 1n, call: () => 1 } as unknown as EvaluationContext;
  const answer = await ask(odd);
  assert.deepEqual([answer.value, answer.errorCode], [false, undefined]);
});

test('P2: what is tracked reaches the listener, and nothing else when there is none', async () => {
  const tracked: Tracked[] = [];
  await OpenFeature.setProviderAndWait(fixedProvider({}, { tracked: (event) => tracked.push(event) }).provider);
  OpenFeature.getClient().track('bought', ann, { value: 9.5 });
  assert.deepEqual(tracked, [{ name: 'bought', context: ann, details: { value: 9.5 } }]);
  await OpenFeature.setProviderAndWait(fixedProvider({}).provider);
  OpenFeature.getClient().track('bought', ann, { value: 9.5 });
  assert.equal(tracked.length, 1);
});
