import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createClient as createAdmin } from '@spillway/contract/client';
import { createClient } from '@spillway/node';
import { createClient as createPage } from '@spillway/web';
import { withTracking } from '@spillway/web/track';
import { ADMIN_TOKEN, type Answering, eventually, startPlane, startRelayProcess } from '../testing/processes.ts';

const root = mkdtempSync(join(tmpdir(), 'spillway-relay-events-'));
const ARRIVED_WITHIN_MS = 20_000;
let plane: Answering;
let near: Answering;
/** A relay whose upstream is a relay. */
let far: Answering;
let sdkKey: string;
let clientKey: string;

const admin = () => createAdmin({ baseUrl: plane.url, token: ADMIN_TOKEN });

async function keyOf(kind: 'sdk' | 'client'): Promise<string> {
  const token = await admin().call('createToken', { body: { name: kind, kind, environment: 'production' } });
  assert.ok(token.ok);
  return token.value.secret;
}

before(async () => {
  plane = await startPlane(join(root, 'plane'));
  const flag = await admin().call('createFlag', {
    query: { reason: 'test' },
    body: { key: 'checkout', type: 'boolean', environments: { production: { enabled: true } } },
  });
  assert.ok(flag.ok, JSON.stringify(flag));
  [sdkKey, clientKey] = [await keyOf('sdk'), await keyOf('client')];
  near = await startRelayProcess(plane.url, join(root, 'near'), [sdkKey]);
  far = await startRelayProcess(near.url, join(root, 'far'), [sdkKey]);
  for (const { url } of [near, far]) {
    await eventually('a relay is ready', async () => (await fetch(`${url}/readyz`)).status === 200);
    await eventually('it knows client keys', async () => (await standingAt(url))?.client_keys === 1);
  }
});
after(async () => {
  await far?.stop();
  await near?.stop();
  await plane?.stop();
  rmSync(root, { recursive: true, force: true });
});

async function standingAt(url: string) {
  const health = (await (await fetch(`${url}/health`)).json()) as {
    readonly environments: readonly {
      readonly client_keys: number | null;
      readonly events: { readonly waiting: number; readonly dropped: number };
    }[];
  };
  return health.environments[0];
}

async function eventsOf(user: string) {
  const page = await admin().call('listEvents', { query: { user, limit: 100 } });
  assert.ok(page.ok, JSON.stringify(page));
  return page.value.items
    .map(({ type, source, name, flag, configuration, value, details }) => {
      return { type, source, name, flag, configuration, value, details };
    })
    .toSorted((one, other) => one.type.localeCompare(other.type));
}

const send = (url: string, key: string, body: object) =>
  fetch(`${url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const event = (more: object = {}) => ({
  ...{ id: `event-${crypto.randomUUID()}`, type: 'user_action', at: new Date().toISOString(), name: 'bought' },
  ...more,
});

test('T2, F18: what servers and pages behind relays track and meet arrives once, as theirs', async () => {
  const ana = { targetingKey: 'ana' };
  const bob = { targetingKey: 'bob' };
  const server = createClient({ url: far.url, sdkKey, exposures: true, log: () => undefined });
  const { is, configuration } = await server.initialize();
  assert.deepEqual([is, configuration > 0], ['ready', true]);
  server.boolean('checkout', ana, false);
  server.track('bought', ana, { value: 12.5, plan: 'pro' });
  await server.close();
  assert.equal(server.status().dropped, undefined);
  const options = { url: far.url, clientKey, context: bob, exposures: true, log: () => undefined };
  const page = withTracking(createPage(options), options);
  assert.equal((await page.initialize()).is, 'ready');
  page.boolean('checkout', false);
  page.track('left');
  await page.flush();
  page.close();
  assert.equal(page.dropped, 0);
  await eventually('they arrive', async () => (await eventsOf('bob')).length === 2, ARRIVED_WITHIN_MS);
  await eventually('all of them', async () => (await eventsOf('ana')).length === 2, ARRIVED_WITHIN_MS);
  const met = { type: 'flag_evaluated', name: null, flag: 'checkout', configuration, value: null, details: {} };
  const did = { type: 'user_action', flag: null, configuration: null };
  assert.deepEqual(await eventsOf('ana'), [
    { ...met, source: 'sdk' },
    { ...did, source: 'sdk', name: 'bought', value: 12.5, details: { plan: 'pro' } },
  ]);
  assert.deepEqual(await eventsOf('bob'), [
    { ...met, source: 'client' },
    { ...did, source: 'client', name: 'left', value: null, details: {} },
  ]);
  for (const { url } of [near, far]) assert.deepEqual((await standingAt(url))?.events, { waiting: 0, dropped: 0 });
});

test('a relay reads events as the control plane does: crooked ones are named, strangers and admins refused', async () => {
  const answer = await send(far.url, sdkKey, { events: [event(), event({ value: '1' })] });
  assert.equal(answer.status, 200);
  const { accepted, repeated, refused } = (await answer.json()) as Record<string, unknown>;
  assert.deepEqual(
    [accepted, repeated, refused],
    [1, 0, [{ index: 1, errors: [{ field: '/value', message: 'must be a number, not a string' }] }]],
  );
  assert.equal((await send(far.url, sdkKey, { events: [] })).status, 422);
  assert.equal((await send(far.url, sdkKey, { events: [event()], source: 'sdk' })).status, 422);
  for (const key of [ADMIN_TOKEN, 'nobody-knows-it']) {
    assert.equal((await send(far.url, key, { events: [event()] })).status, 401);
  }
});

test('where pages need signed contexts, a relay takes no events from them, and servers are heard', async () => {
  const production = { params: { key: 'production' }, query: { reason: 'test' } };
  assert.ok((await admin().call('updateEnvironment', { ...production, body: { client_contexts: 'signed' } })).ok);
  const page = () => send(far.url, clientKey, { events: [event()] });
  await eventually('the relay has heard of it', async () => (await page()).status === 403);
  assert.match(await (await page()).text(), /Send them from your server/);
  const own = { events: [event()], source: 'client' };
  assert.equal(
    (await send(plane.url, sdkKey, own)).status,
    403,
    'an SDK key that speaks for pages is believed no more',
  );
  assert.equal((await send(far.url, sdkKey, { events: [event()] })).status, 200);
});
