import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import {
  createEvaluationEvent,
  type EvaluationDetails,
  type FlagValue,
  type Hook,
  OpenFeature,
  ProviderEvents,
  ProviderStatus,
} from '@openfeature/web-sdk';
import { eventually } from '../../apps/server/src/start-testing.ts';
import { ADMIN_TOKEN, createWorld, type World } from '../../packages/http/src/testing/world.ts';
import { type ProviderOptions, SpillwayWebProvider, type Tracked } from '../../sdks/openfeature-web/src/index.ts';
import { withTracking } from '../../sdks/web/src/track.ts';
import { exposedConfiguration } from './exposed-configuration.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
  await flag('colour', 'string', ['#f00', '#00f']);
  await flag('limit', 'number', [3, 30]);
  await flag('menu', 'json', [{ items: ['a'] }, { items: [] }]);
  await flag('checkout', 'boolean', [true, false]);
});

afterEach(async () => {
  await OpenFeature.close();
  OpenFeature.clearHandlers();
  OpenFeature.clearHooks();
  await OpenFeature.clearContexts();
  await world.close();
});

/** Plan `pro` gets the second variant. */
async function flag(key: string, type: string, values: readonly unknown[]): Promise<void> {
  const names = type === 'boolean' ? ['on', 'off'] : ['one', 'two'];
  const variants = names.map((name, index) => ({ name, value: values[index] }));
  const when = { attribute: 'plan', operator: 'equals', values: ['pro'] };
  const rules = [{ id: 'pro', when, serve: { variant: names[1] } }];
  const production = { enabled: true, rules, fallthrough: { variant: names[0] } };
  const body = { key, type, ...(type === 'boolean' ? {} : { variants }), environments: { production } };
  const answer = await world.call('POST', '/api/v1/feature-flags?reason=test', { token: ADMIN_TOKEN, body });
  assert.equal(answer.status, 201, answer.text);
}

async function serve(key: string, variant: string): Promise<void> {
  const path = `/api/v1/feature-flags/${key}/environments/production?reason=test`;
  const answer = await world.call('PATCH', path, { token: ADMIN_TOKEN, body: { fallthrough: { variant } } });
  assert.equal(answer.status, 200, answer.text);
}

function providerOf(more: Partial<ProviderOptions> = {}): SpillwayWebProvider {
  const options = { url: world.url, clientKey: world.clientKey, timeoutMs: 2_000, log: () => undefined };
  return new SpillwayWebProvider({ ...options, ...more });
}

test('P2: the four types are resolved with variant, reason and metadata, without waiting', async () => {
  await OpenFeature.setContext({ targetingKey: 'ben' });
  await OpenFeature.setProviderAndWait(providerOf());
  const client = OpenFeature.getClient();
  assert.equal(client.getBooleanValue('checkout', false), true);
  assert.equal(client.getNumberValue('limit', 0), 3);
  assert.deepEqual(client.getObjectValue('menu', {}), { items: ['a'] });
  const { flagMetadata, ...details } = client.getStringDetails('colour', 'none');
  assert.deepEqual(details, { flagKey: 'colour', value: '#f00', variant: 'one', reason: 'DEFAULT' });
  assert.deepEqual(Object.keys(flagMetadata).sort(), ['configuration', 'version'], 'no rule reaches a page');
});

test('P2: what cannot be answered is the default, with the error code that says why', async () => {
  await OpenFeature.setContext({ targetingKey: 'ben' });
  await OpenFeature.setProviderAndWait(providerOf());
  const client = OpenFeature.getClient();
  const unknown = client.getBooleanDetails('unknown', true);
  assert.deepEqual([unknown.value, unknown.reason, unknown.errorCode], [true, 'ERROR', 'FLAG_NOT_FOUND']);
  const wrong = client.getNumberDetails('colour', 7);
  assert.deepEqual([wrong.value, wrong.errorCode], [7, 'TYPE_MISMATCH']);
  const early = new SpillwayWebProvider({ url: world.url, clientKey: world.clientKey });
  assert.equal(early.resolveBooleanEvaluation('checkout', false).errorCode, 'PROVIDER_NOT_READY');
});

test('P2: another user: RECONCILING, then that user’s values, and each event once', async () => {
  await OpenFeature.setContext({ targetingKey: 'ben' });
  await OpenFeature.setProviderAndWait(providerOf());
  const client = OpenFeature.getClient();
  const told: string[] = [];
  for (const event of [
    ProviderEvents.Ready,
    ProviderEvents.Reconciling,
    ProviderEvents.ContextChanged,
    ProviderEvents.ConfigurationChanged,
    ProviderEvents.Stale,
    ProviderEvents.Error,
  ] as const) {
    client.addHandler(event, () => void told.push(event));
  }
  told.length = 0;
  await OpenFeature.setContext({ targetingKey: 'ana', plan: 'pro', since: new Date(0) as never });
  assert.equal(client.getStringValue('colour', 'none'), '#00f');
  assert.equal(client.providerStatus, ProviderStatus.READY);
  assert.deepEqual(told, [ProviderEvents.Reconciling, ProviderEvents.ContextChanged]);
});

test('P2: of several users in a row the last one’s values stay', async () => {
  await OpenFeature.setProviderAndWait(providerOf());
  const plans = ['pro', 'free', 'pro', 'free', 'pro'];
  await Promise.all(plans.map((plan) => OpenFeature.setContext({ targetingKey: plan, plan })));
  await eventually('the last context counts', () => OpenFeature.getClient().getStringValue('colour', '') === '#00f');
});

test('P2: a change is told with the flags that answer differently', async () => {
  await OpenFeature.setContext({ targetingKey: 'ben' });
  await OpenFeature.setProviderAndWait(providerOf());
  const client = OpenFeature.getClient();
  const changed: (readonly string[] | undefined)[] = [];
  client.addHandler(ProviderEvents.ConfigurationChanged, (details) => changed.push(details?.flagsChanged));
  await serve('colour', 'two');
  await eventually('the change is told', () => changed.length > 0);
  assert.deepEqual(changed, [['colour']]);
  assert.equal(client.getStringValue('colour', 'none'), '#00f');
});

test('P2: a server that goes is STALE, and the last good values serve on', async () => {
  await OpenFeature.setContext({ targetingKey: 'ben' });
  await OpenFeature.setProviderAndWait(providerOf());
  const client = OpenFeature.getClient();
  let stale = 0;
  client.addHandler(ProviderEvents.Stale, () => {
    stale += 1;
  });
  await world.server.close();
  await eventually('STALE is told', () => stale > 0);
  assert.equal(client.providerStatus, ProviderStatus.STALE);
  assert.equal(client.getStringValue('colour', 'none'), '#f00');
});

test('P2: a refused key is FATAL, no server an ERROR; with a bootstrap both answer on', async () => {
  await assert.rejects(OpenFeature.setProviderAndWait(providerOf({ clientKey: 'forged' })));
  assert.equal(OpenFeature.getClient().providerStatus, ProviderStatus.FATAL);
  assert.equal(OpenFeature.getClient().getBooleanValue('checkout', false), false);
  const nowhere = { url: 'http://127.0.0.1:9', timeoutMs: 300 };
  await assert.rejects(OpenFeature.setProviderAndWait('away', providerOf(nowhere)));
  assert.equal(OpenFeature.getClient('away').providerStatus, ProviderStatus.ERROR);
  const bootstrap = { configuration: 5, flags: { checkout: { value: true, variant: 'on', reason: 'STATIC' } } };
  await OpenFeature.setProviderAndWait('given', providerOf({ ...nowhere, bootstrap }));
  const given = OpenFeature.getClient('given');
  assert.equal(given.getBooleanValue('checkout', false), true);
  await eventually('STALE', () => given.providerStatus === ProviderStatus.STALE);
});

test('P2: hooks run around the answer, and OpenTelemetry’s attributes fill themselves', async () => {
  await OpenFeature.setContext({ targetingKey: 'ben' });
  await OpenFeature.setProviderAndWait(providerOf({ flagSetId: 'shop/production' }));
  const stages: string[] = [];
  let event: ReturnType<typeof createEvaluationEvent> | undefined;
  const hook: Hook = {
    before: () => void stages.push('before'),
    after: () => void stages.push('after'),
    finally: (context, details: EvaluationDetails<FlagValue>) => {
      stages.push('finally');
      event = createEvaluationEvent(context, details);
    },
  };
  OpenFeature.getClient().getBooleanValue('checkout', false, { hooks: [hook] });
  assert.deepEqual(stages, ['before', 'after', 'finally']);
  const attributes = event?.attributes ?? {};
  assert.equal(attributes['feature_flag.key'], 'checkout');
  assert.equal(attributes['feature_flag.provider.name'], 'spillway');
  assert.equal(attributes['feature_flag.set.id'], 'shop/production');
  assert.equal(attributes['feature_flag.context.id'], 'ben');
  assert.match(String(attributes['feature_flag.version']), /^[0-9]+$/);
});

test('P2: what is tracked reaches the listener', async () => {
  const heard: Tracked[] = [];
  await OpenFeature.setContext({ targetingKey: 'ben' });
  await OpenFeature.setProviderAndWait(providerOf({ tracked: (event) => heard.push(event) }));
  OpenFeature.getClient().track('bought', { value: 12 });
  assert.deepEqual(
    heard.map(({ name, context, details }) => [name, context.targetingKey, details.value]),
    [['bought', 'ben', 12]],
  );
});

test('F18: exposures say which configuration answered, the one that flag metadata names', async () => {
  await OpenFeature.setContext({ targetingKey: 'ben' });
  await OpenFeature.setProviderAndWait(providerOf({ tracking: withTracking, exposures: true }));
  const { flagMetadata } = OpenFeature.getClient().getBooleanDetails('checkout', false);
  await OpenFeature.clearProviders();
  const configuration = await exposedConfiguration(world, 'checkout');
  assert.deepEqual([configuration, configuration > 0], [flagMetadata.configuration, true]);
});

test('T2: with tracking the server is told what is tracked, and by whom', async () => {
  await OpenFeature.setContext({ targetingKey: 'ben' });
  await OpenFeature.setProviderAndWait(providerOf({ tracking: withTracking }));
  OpenFeature.getClient().track('bought', { value: 12 });
  await OpenFeature.clearProviders();
  const recorded = async () => {
    const answer = await world.call('GET', '/api/v1/events/recorded?name=bought', { token: ADMIN_TOKEN });
    return JSON.parse(answer.text).items as readonly { readonly value: number; readonly context: object }[];
  };
  await eventually('the event is stored', async () => (await recorded()).length === 1);
  const [event] = await recorded();
  assert.deepEqual([event?.value, event?.context], [12, { user: 'ben' }]);
});
