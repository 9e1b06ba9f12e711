import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createWorld, type World } from '../testing/world.ts';

const SHOP = 'https://shop.example';
let world: World;
let sdk: string;
let page: string;

async function keyOf(kind: 'sdk' | 'client', environment: string): Promise<string> {
  const body = { kind, name: `${kind}-${environment}`, environment };
  const made = await world.call('POST', '/api/v1/tokens', { token: world.adminToken, body });
  assert.ok(made.status < 300, made.text);
  return String(JSON.parse(made.text).secret);
}

before(async () => {
  world = await createWorld({ allowedOrigins: [SHOP] });
  [sdk, page] = [await keyOf('sdk', 'staging'), await keyOf('client', 'staging')];
});
after(() => world.close());

let made = 0;
function event(more: object = {}) {
  made += 1;
  const id = `event-${String(made).padStart(6, '0')}`;
  return { id, type: 'user_action', at: new Date().toISOString(), name: 'bought', ...more };
}

const met = (more: object = {}) =>
  event({ type: 'flag_evaluated', name: undefined, flag: 'checkout', variant: 'on', ...more });

const send = (token: string, events: unknown) => world.call('POST', '/api/v1/events', { token, body: { events } });

async function stored(query: string) {
  const answer = await world.call('GET', `/api/v1/events/recorded?${query}`, { token: world.adminToken });
  assert.equal(answer.status, 200, answer.text);
  return JSON.parse(answer.text);
}

test('T2: what was accepted can be read back as it was sent; a repeated batch changes nothing', async () => {
  const context = { user: 'ana', session: 's1', service: 'shop', version: '2.4.0', region: 'eu' };
  const bought = event({ context, value: 12.5, details: { plan: 'pro', __proto__x: [null] } });
  const exposure = met({ context: { user: 'ana' } });
  for (const repeated of [0, 2]) {
    const answer = await send(sdk, [bought, exposure]);
    assert.deepEqual([answer.status, JSON.parse(answer.text)], [200, { accepted: 2, repeated, refused: [] }]);
  }
  const { items } = await stored('environment=staging&user=ana');
  assert.equal(items.length, 2);
  const [found] = items.filter((item: { type: string }) => item.type === 'user_action');
  const { received_at, ...rest } = found;
  assert.ok(Math.abs(Date.parse(received_at) - Date.now()) < 60_000);
  assert.deepEqual(rest, {
    ...{ ...bought, environment: 'staging', source: 'sdk', flag: null, variant: null, configuration: null },
  });
  assert.equal((await stored('flag=checkout')).items[0].variant, 'on');
});

test('F18: an exposure says which configuration it came from, whoever sends it; one that does not is read all the same', async () => {
  const about = (configuration?: number) =>
    met({ flag: 'numbered', ...(configuration !== undefined && { configuration }) });
  for (const [key, events] of [
    [sdk, [about(0), about(41)]],
    [page, [about(Number.MAX_SAFE_INTEGER), about()]],
  ] as const) {
    const answer = await send(key, events);
    assert.deepEqual([answer.status, JSON.parse(answer.text).accepted], [200, 2], answer.text);
  }
  const { items } = await stored('flag=numbered');
  assert.deepEqual(
    new Set(
      items.map(({ source, configuration }: { source: string; configuration: unknown }) =>
        [source, configuration].join(' '),
      ),
    ),
    new Set(['sdk 0', 'sdk 41', `client ${Number.MAX_SAFE_INTEGER}`, 'client ']),
  );
});

test('T2: crooked events are named by their place, and take none of the others with them', async () => {
  const wrong: readonly [unknown, string][] = [
    [event({ id: 'short' }), '/id'],
    [event({ type: 'flag_updated' }), '/type'],
    [event({ at: 'yesterday' }), '/at'],
    [event({ type: 'metric_recorded' }), '/value'],
    [event({ value: '1' }), '/value'],
    [event({ context: { user: '' } }), '/context/user'],
    [event({ context: { user: 'a\u0000' } }), '/context/user'],
    [event({ context: { email: 'a@b.c' } }), '/context/email'],
    [event({ details: { text: 'x'.repeat(5_000) } }), '/details'],
    [event({ type: 'flag_evaluated', name: undefined, flag: 'No', variant: null }), '/flag'],
    ...[-1, 1.5, '7', null, 2 ** 53].map(
      (configuration) => [met({ configuration }), '/configuration'] satisfies [unknown, string],
    ),
    [event({ configuration: 7 }), '/configuration'],
    [event({ surprise: 1 }), '/surprise'],
    [event({ name: 'n'.repeat(201) }), '/name'],
  ];
  const good = event({ name: 'survivor' });
  const answer = await send(sdk, [...wrong.map(([one]) => one), good, null, 'text', []]);
  assert.equal(answer.status, 200, answer.text);
  const { accepted, refused } = JSON.parse(answer.text);
  assert.equal(accepted, 1);
  assert.deepEqual(
    refused
      .slice(0, wrong.length)
      .map((one: { index: number; errors: { field: string }[] }) => [one.index, one.errors[0]?.field]),
    wrong.map(([, field], index) => [index, field]),
  );
  assert.deepEqual(
    refused.slice(wrong.length).map((one: { index: number }) => one.index),
    [wrong.length + 1, wrong.length + 2, wrong.length + 3],
  );
  assert.deepEqual((await stored('name=survivor')).items.length, 1);
});

test('batches that are empty, too large or no batches are refused as a whole', async () => {
  for (const events of [[], Array.from({ length: 501 }, () => event()), 'text', undefined]) {
    const answer = await send(sdk, events);
    assert.deepEqual([answer.status, answer.problem.errors?.[0]?.field], [422, '/events'], answer.text);
  }
});

test('keys send, each to its own environment; admins and strangers do not, and keys do not read', async () => {
  assert.equal((await send(page, [event({ name: 'from a page' })])).status, 200);
  const { items } = await stored('environment=staging&name=from%20a%20page');
  assert.deepEqual([items.length, items[0].source], [1, 'client']);
  assert.equal((await send(world.adminToken, [event()])).status, 403);
  assert.equal((await send('nothing', [event()])).status, 401);
  for (const token of [sdk, page]) {
    assert.equal((await world.call('GET', '/api/v1/events/recorded', { token })).status, 403);
  }
  await world.call('PATCH', '/api/v1/environments/staging?reason=test', {
    ...{ token: world.adminToken, body: { client_contexts: 'signed' } },
  });
  const refused = await send(page, [event()]);
  assert.deepEqual([refused.status, /Send them from your server/.test(refused.text)], [403, true]);
  assert.equal((await send(sdk, [event()])).status, 200);
});

test('pages of events follow one another without gaps, and a foreign cursor is refused', async () => {
  const names = Array.from({ length: 7 }, () => event({ name: 'paged' }));
  await send(sdk, names);
  const ids: string[] = [];
  for (let cursor = ''; ; ) {
    const { items, next } = await stored(`name=paged&limit=3${cursor}`);
    ids.push(...items.map((item: { id: string }) => item.id));
    if (next === undefined) break;
    cursor = `&cursor=${next}`;
  }
  assert.deepEqual([...ids].sort(), names.map(({ id }) => id).sort());
  assert.equal(new Set(ids).size, 7);
  const refused = await world.call('GET', '/api/v1/events/recorded?cursor=6162', { token: world.adminToken });
  assert.deepEqual([refused.status, refused.problem.errors?.[0]?.field], [422, '?cursor']);
});

test('what no database could hold is refused by the name of the filter, not looked for', async () => {
  for (const [query, field] of [
    ['user=a%00b', '?user'],
    ['name=%00', '?name'],
  ] as const) {
    const answer = await world.call('GET', `/api/v1/events/recorded?${query}`, { token: world.adminToken });
    assert.equal(answer.status, 422, answer.text);
    assert.ok(answer.text.includes(`"field":"${field}"`), answer.text);
  }
});

test('who sends too much is told to come again, and servers are heard while pages are not', async () => {
  const production = await keyOf('sdk', 'production');
  const flood = await keyOf('client', 'production');
  const batch = () => Array.from({ length: 500 }, () => event({ name: 'flood' }));
  let last = await send(flood, batch());
  for (let sent = 1; sent < 100 && last.status === 200; sent += 1) last = await send(flood, batch());
  assert.deepEqual([last.status, last.problem.code, last.headers['retry-after']], [429, 'rate_limited', '5']);
  assert.equal((await send(production, [event()])).status, 200);
});

test('exposures are counted in the usage of the flag, by variant and different users', async () => {
  const flag = { token: world.adminToken, body: { key: 'shown' } };
  assert.equal((await world.call('POST', '/api/v1/feature-flags', flag)).status, 201);
  const shown = (variant: string, user: string) => met({ flag: 'shown', variant, context: { user } });
  await send(sdk, [shown('on', 'a'), shown('on', 'a'), shown('on', 'b'), shown('off', 'c')]);
  const usage = await world.call('GET', '/api/v1/feature-flags/shown/usage', { token: world.adminToken });
  assert.deepEqual(JSON.parse(usage.text).environments.staging.exposures, {
    on: { events: 3, users: 2 },
    off: { events: 1, users: 1 },
  });
});
