import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { clientChange } from '@spillway/contract';
import { createParser } from 'eventsource-parser';
import { ADMIN_TOKEN, createWorld, type World } from '../testing/world.ts';

const VALUES = '/api/v1/client/evaluations';
const STREAM = '/api/v1/client/stream';
const SHOP = 'https://shop.example';
/** In every place of the configuration that a browser must not see. */
const SECRET = 'sekrit';

let world: World;
async function admin(method: string, path: string, body: object) {
  const answer = await world.call(method, path, { token: ADMIN_TOKEN, body });
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.text}`);
  return answer;
}

async function enable(flag: string, enabled: boolean): Promise<void> {
  const path = `/api/v1/feature-flags/${flag}/environments/production?reason=${SECRET}`;
  await admin('PATCH', path, { enabled });
}

before(async () => {
  world = await createWorld({ allowedOrigins: [SHOP] });
  const members = [`${SECRET}-member`];
  await admin('POST', '/api/v1/segments', {
    key: `${SECRET}-segment`,
    description: SECRET,
    members: { keys: members },
  });
  await admin('POST', '/api/v1/feature-flags?reason=test', { key: 'plain', description: SECRET });
  await admin('POST', '/api/v1/feature-flags?reason=test', {
    key: 'ruled',
    description: SECRET,
    owner: SECRET,
    tags: [SECRET],
    environments: {
      production: {
        enabled: true,
        targets: [{ variant: 'off', keys: [`${SECRET}-user`] }],
        rules: [
          { id: `${SECRET}-rule`, when: { segment: `${SECRET}-segment` }, serve: { variant: 'off' } },
          {
            id: `${SECRET}-email`,
            when: { attribute: `${SECRET}_attribute`, operator: 'equals', values: [`${SECRET}-value`] },
            serve: { variant: 'off' },
          },
          {
            id: `${SECRET}-plan`,
            when: { attribute: 'plan', operator: 'equals', values: ['pro'] },
            serve: { variant: 'on' },
          },
        ],
        fallthrough: { variant: 'off' },
      },
    },
  });
  await admin('POST', '/api/v1/kill-switches', { key: `${SECRET}-switch`, scope: 'feature', affects: ['plain'] });
});
after(() => world.close());

const ask = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  world.call('POST', path, { token: world.clientKey, body, headers });

interface Event {
  readonly event: string;
  readonly data: {
    readonly base?: number;
    readonly configuration: number;
    readonly flags: Readonly<Record<string, { readonly value: unknown }>>;
    readonly removed?: readonly string[];
  };
}

async function follow(context: object) {
  const abort = new AbortController();
  const response = await fetch(`${world.url}${STREAM}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.clientKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ context }),
    signal: abort.signal,
  });
  assert.equal(response.status, 200);
  const events: Event[] = [];
  let text = '';
  let ended = false;
  const parser = createParser({
    onEvent: ({ event, data }) => events.push({ event: event ?? '', data: JSON.parse(data) }),
  });
  const read = async () => {
    for await (const part of response.body ?? []) {
      const more = new TextDecoder().decode(part);
      text += more;
      parser.feed(more);
    }
  };
  void read()
    .catch(() => undefined)
    .finally(() => {
      ended = true;
    });
  return {
    events,
    text: () => text,
    close: () => abort.abort(),
    async until(what: () => boolean) {
      for (let tries = 0; !what(); tries += 1) {
        assert.ok(tries < 300, `after ${events.length} events: ${JSON.stringify(events.at(-1))}`);
        await wait(10);
      }
    },
    hasEnded: () => ended,
  };
}

test('all values for one context, and 304 for whoever has them', async () => {
  const answer = await ask(VALUES, { context: { targetingKey: 'ana', plan: 'pro' } });
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.json.flags, {
    plain: { value: false, variant: 'off', reason: 'DISABLED' },
    ruled: { value: true, variant: 'on', reason: 'TARGETING_MATCH' },
  });
  const etag = String(answer.headers.etag);
  const again = await ask(VALUES, { context: { targetingKey: 'ana', plan: 'pro' } }, { 'if-none-match': etag });
  assert.deepEqual([again.status, again.text], [304, '']);
  const other = await ask(VALUES, { context: { targetingKey: 'ana' } }, { 'if-none-match': etag });
  assert.equal(other.status, 200);
});

test('a stream begins with all values, then has only what changed for its own context', async () => {
  const pro = await follow({ targetingKey: 'ana', plan: 'pro' });
  const free = await follow({ targetingKey: 'ben' });
  await pro.until(() => pro.events.length === 1 && free.events.length === 1);
  assert.deepEqual(Object.keys(pro.events[0]?.data.flags ?? {}), ['plain', 'ruled']);
  await admin('PATCH', '/api/v1/feature-flags/ruled/environments/production?reason=x', { rules: [] });
  await pro.until(() => pro.events.length === 2);
  const change = pro.events[1];
  assert.equal(change?.event, 'change');
  assert.equal(clientChange.safeParse(change?.data).success, true, JSON.stringify(change?.data));
  assert.equal(change?.data.base, pro.events[0]?.data.configuration);
  assert.deepEqual(change?.data.flags, { ruled: { value: false, variant: 'off', reason: 'DEFAULT' } });
  await enable('plain', true);
  await Promise.all([pro.until(() => pro.events.length === 3), free.until(() => free.events.length >= 2)]);
  // The free user was never matched by the rule that went: only the other flag is told of.
  const told = free.events.slice(1).flatMap(({ data }) => Object.keys(data.flags));
  assert.deepEqual(told, ['plain']);
  assert.equal(pro.events[2]?.data.base, change?.data.configuration);
  pro.close();
  free.close();
});

test('a flag that is created, deleted and created again comes, goes and comes', async () => {
  const reader = await follow({ targetingKey: 'ana' });
  await reader.until(() => reader.events.length === 1);
  await admin('POST', '/api/v1/feature-flags?reason=test', { key: 'short' });
  await reader.until(() => reader.events.length === 2);
  await admin('POST', '/api/v1/feature-flags/short/archive', { reason: 'over' });
  await world.call('DELETE', '/api/v1/feature-flags/short?reason=x', { token: ADMIN_TOKEN });
  await reader.until(() => reader.events.at(-1)?.data.removed?.includes('short') === true);
  await admin('POST', '/api/v1/feature-flags?reason=test', { key: 'short' });
  await reader.until(() => 'short' in (reader.events.at(-1)?.data.flags ?? {}));
  reader.close();
});

test('nothing but keys, values, variants and reasons reaches a browser, by any door or refusal', async () => {
  const context = { targetingKey: 'ana' };
  const reader = await follow(context);
  await reader.until(() => reader.events.length === 1);
  await admin('POST', `/api/v1/kill-switches/${SECRET}-switch/activate`, { reason: SECRET });
  await reader.until(() => reader.events.length === 2);
  const answers = [
    await ask(VALUES, { context }),
    await ask('/ofrep/v1/evaluate/flags', { context }),
    await ask('/ofrep/v1/evaluate/flags/ruled', { context }),
    await ask('/ofrep/v1/evaluate/flags/plain', { context }),
    await ask('/ofrep/v1/evaluate/flags/nothing', { context }),
    await ask(VALUES, { context, trace: true }),
    await ask(VALUES, { context: 'x' }),
    await ask('/api/v1/evaluate', { context, trace: true }),
    await ask('/api/v1/feature-flags/ruled/evaluate', { context }),
    await world.call('GET', '/api/v1/feature-flags/ruled', { token: world.clientKey }),
    await world.call('GET', `/api/v1/segments/${SECRET.length}`, { token: world.clientKey }),
    await world.call('GET', '/api/v1/sdk/snapshot', { token: world.clientKey }),
    await world.call('GET', '/api/v1/sdk/stream', { token: world.clientKey }),
    await world.call('POST', '/api/v1/sdk/summaries', { token: world.clientKey, body: {} }),
  ];
  for (const { status, text, headers } of answers) {
    assert.ok(!`${text}${JSON.stringify(headers)}`.includes(SECRET), `${status}: ${text}`);
  }
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200, 404, 422, 422, 403, 403, 403, 403, 403, 403, 403],
  );
  assert.ok(reader.text().includes('"plain"') && !reader.text().includes(SECRET), reader.text());
  await admin('POST', `/api/v1/kill-switches/${SECRET}-switch/release`, { reason: 'over' });
  reader.close();
});

test('the use cases themselves give a client key no definition, trace or past', async () => {
  const principal = { kind: 'client', project: 'default', name: 'page', environment: 'production' } as const;
  const { evaluation, snapshots, observations, flags } = world.control;
  const refused = [
    await snapshots.current({ principal }),
    await snapshots.subscribe({ principal }, undefined, () => undefined),
    await observations.usage({ principal }, 'ruled'),
    await flags.get({ principal }, 'ruled'),
    await evaluation.one({ principal }, 'ruled', {}, { trace: true }),
    await evaluation.many({ principal }, {}, { trace: true }),
    await evaluation.many({ principal }, {}, { at_ms: 1 }),
    await evaluation.many({ principal }, {}, { environment: 'staging' }),
  ];
  for (const outcome of refused) assert.equal(outcome.ok ? 'let in' : outcome.refusal.code, 'forbidden');
});

test('a revoked key ends its streams', async () => {
  const issued = await admin('POST', '/api/v1/tokens', { name: 'gone', kind: 'client', environment: 'production' });
  const { key, secret } = issued.json;
  assert.match(String(secret), /^spw_client_production_/);
  const response = await fetch(`${world.url}${STREAM}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${String(secret)}`, 'content-type': 'application/json' },
    body: '{"context":{}}',
  });
  const whole = response.text();
  await world.call('DELETE', `/api/v1/tokens/${String(key)}`, { token: ADMIN_TOKEN });
  assert.match(await whole, /event: values/);
});

test('a context is limited here as everywhere', async () => {
  const raw = (text: string) => world.call('POST', VALUES, { token: world.clientKey, raw: text });
  const large = await ask(VALUES, { context: { note: 'x'.repeat(40_000) } });
  assert.deepEqual([large.status, large.problem.errors?.[0]?.field], [422, '/context']);
  assert.equal((await raw(`{"context":{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}}`)).status, 400);
  assert.equal((await raw(`{"context":{"a":1,"a":2}}`)).status, 400);
  assert.equal((await raw(`{"context":{"a":"${'x'.repeat(2_000_000)}"}}`)).status, 413);
  assert.equal((await ask(STREAM, {})).status, 422);
});

test('an allowed page may ask, another may not, and no other door opens', async () => {
  const preflight = (path: string, origin: string) =>
    world.call('OPTIONS', path, { headers: { origin, 'access-control-request-method': 'POST' } });
  for (const path of [VALUES, STREAM, '/ofrep/v1/evaluate/flags', '/ofrep/v1/evaluate/flags/plain']) {
    const asked = await preflight(path, SHOP);
    assert.equal(asked.status, 204);
    assert.equal(asked.headers['access-control-allow-origin'], SHOP);
    assert.match(String(asked.headers['access-control-allow-headers']), /authorization/);
    assert.equal(asked.headers['access-control-allow-credentials'], undefined);
    const foreign = await preflight(path, 'https://evil.example');
    assert.deepEqual([foreign.status, foreign.headers['access-control-allow-origin']], [403, undefined]);
  }
  const body = { context: {} };
  const answer = await ask(VALUES, body, { origin: SHOP });
  assert.deepEqual([answer.status, answer.headers['access-control-allow-origin']], [200, SHOP]);
  assert.match(String(answer.headers['access-control-expose-headers']), /etag/);
  const problem = await world.call('POST', VALUES, { token: 'junk', body, headers: { origin: SHOP } });
  assert.deepEqual([problem.status, problem.headers['access-control-allow-origin']], [401, SHOP]);
  const foreign = await ask(VALUES, body, { origin: 'https://evil.example' });
  assert.deepEqual([foreign.status, foreign.problem.errors?.[0]?.field], [403, 'Origin']);
  for (const path of ['/api/v1/evaluate', '/api/v1/feature-flags', '/api/v1/tokens', '/api/v1/sdk/summaries']) {
    const asked = await preflight(path, SHOP);
    assert.deepEqual([asked.status, asked.headers['access-control-allow-origin']], [405, undefined]);
  }
});
