import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { ADMIN_TOKEN, createWorld, type World } from '../testing/world.ts';

const VALUES = '/api/v1/client/evaluations';
const DOORS = [VALUES, '/api/v1/client/stream', '/ofrep/v1/evaluate/flags', '/ofrep/v1/evaluate/flags/by-plan'];
const SHOP = 'https://shop.example';

let world: World;

async function admin(method: string, path: string, body: object) {
  const answer = await world.call(method, path, { token: ADMIN_TOKEN, body });
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.text}`);
  return answer;
}

const settings = (body: object) => admin('PATCH', '/api/v1/environments/production?reason=test', body);

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const soon = () => Math.floor(Date.now() / 1_000) + 60;

/** As any JSON Web Token library would make it. */
function token(claims: object, { key = world.sdkKey, head = { alg: 'HS256', typ: 'JWT' } as object } = {}): string {
  const signed = `${encoded(head)}.${encoded(claims)}`;
  const secret = createHash('sha256').update(key).digest('hex');
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

async function ask(context: object, path = VALUES, headers: Record<string, string> = {}) {
  return world.call('POST', path, { token: world.clientKey, body: { context }, headers });
}

async function planOf(context: object): Promise<unknown> {
  const answer = await ask(context);
  assert.equal(answer.status, 200, answer.text);
  return (answer.json as { flags: Record<string, { value: unknown }> }).flags['by-plan']?.value;
}

before(async () => {
  world = await createWorld();
  await admin('POST', '/api/v1/feature-flags?reason=test', {
    key: 'by-plan',
    environments: {
      production: {
        enabled: true,
        rules: [{ when: { attribute: 'plan', operator: 'equals', values: ['pro'] }, serve: { variant: 'on' } }],
        fallthrough: { variant: 'off' },
      },
    },
  });
});
after(() => world.close());

test('a signature that is there counts in every environment, and only what was signed', async () => {
  await settings({ client_contexts: 'any' });
  assert.equal(await planOf({ targetingKey: 'ana', plan: 'pro' }), true);
  const signed_context = token({ context: { targetingKey: 'ana', plan: 'free' }, exp: soon() });
  assert.equal(await planOf({ targetingKey: 'ana', plan: 'pro', signed_context }), false);
  const forged = await ask({ signed_context: `${signed_context.slice(0, -4)}AAAA` });
  assert.equal(forged.status, 403);
});

test('where signed contexts are wanted, no door for a client key answers another', async () => {
  await settings({ client_contexts: 'signed' });
  for (const door of DOORS) {
    const answer = await ask({ targetingKey: 'ana', plan: 'pro' }, door);
    assert.equal(answer.status, 403, `${door}: ${answer.text}`);
    assert.match(answer.text, /signed/, door);
  }
  const signed_context = token({ context: { targetingKey: 'ana', plan: 'pro', name: 'Ána 🌊' }, exp: soon() });
  assert.equal(await planOf({ signed_context }), true);
  for (const door of DOORS.filter((each) => !each.endsWith('stream'))) {
    assert.equal((await ask({ signed_context }, door)).status, 200, door);
  }
  const bySdk = await world.call('POST', '/ofrep/v1/evaluate/flags/by-plan', {
    token: world.sdkKey,
    body: { context: { targetingKey: 'ana', plan: 'pro' } },
  });
  assert.equal(bySdk.status, 200, 'an SDK key is a secret, so its holder is believed');
});

test('tokens that are forged, expired, of another key, another algorithm or no tokens are refused by name', async () => {
  await settings({ client_contexts: 'signed' });
  const context = { targetingKey: 'ana', plan: 'pro' };
  const other = await admin('POST', '/api/v1/tokens', { name: 's', kind: 'sdk', environment: 'staging' });
  const revoked = await admin('POST', '/api/v1/tokens', { name: 'r', kind: 'sdk', environment: 'production' });
  const { key, secret } = revoked.json as { key: string; secret: string };
  assert.equal((await ask({ signed_context: token({ context, exp: soon() }, { key: secret }) })).status, 200);
  await world.call('DELETE', `/api/v1/tokens/${key}`, { token: ADMIN_TOKEN });
  const good = token({ context, exp: soon() });
  const [head, , signature] = good.split('.');
  const wrong: Record<string, unknown> = {
    'another payload': `${head}.${encoded({ context: { plan: 'pro' }, exp: soon() })}.${signature}`,
    'no signature': `${good.slice(0, good.lastIndexOf('.'))}.`,
    'algorithm none': `${encoded({ alg: 'none' })}.${encoded({ context, exp: soon() })}.`,
    'another algorithm': token({ context, exp: soon() }, { head: { alg: 'HS512' } }),
    'another environment': token({ context, exp: soon() }, { key: String((other.json as { secret: string }).secret) }),
    'a revoked key': token({ context, exp: soon() }, { key: secret }),
    'a client key': token({ context, exp: soon() }, { key: world.clientKey }),
    expired: token({ context, exp: Math.floor(Date.now() / 1_000) - 1 }),
    'no end': token({ context }),
    'not yet': token({ context, exp: soon(), nbf: soon() }),
    'no context': token({ exp: soon() }),
    'a list as context': token({ context: [], exp: soon() }),
    'no token': 'abc',
    empty: '',
    'a number': 7,
    null: null,
    'an object': {},
    'four parts': `${good}.x`,
  };
  for (const [name, signed_context] of Object.entries(wrong)) {
    const answer = await ask({ ...context, signed_context: signed_context as string });
    assert.equal(answer.status, 403, `${name}: ${answer.text}`);
    assert.match(answer.text, /"\/context\/signed_context"/, name);
  }
});

test('an environment says whose pages may use its client keys; a change counts at once', async () => {
  await settings({ client_contexts: 'any', allowed_origins: [] });
  const preflight = () =>
    world.call('OPTIONS', VALUES, { headers: { origin: SHOP, 'access-control-request-method': 'POST' } });
  const from = { origin: SHOP };
  assert.equal((await ask({}, VALUES, from)).status, 403);
  assert.equal((await preflight()).status, 403);
  await settings({ allowed_origins: [SHOP] });
  const answer = await ask({}, VALUES, from);
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers['access-control-allow-origin'], SHOP);
  assert.equal((await preflight()).status, 204);
  const staging = await admin('POST', '/api/v1/tokens', { name: 'p', kind: 'client', environment: 'staging' });
  const elsewhere = await world.call('POST', VALUES, {
    token: String((staging.json as { secret: string }).secret),
    body: { context: {} },
    headers: from,
  });
  assert.equal(elsewhere.status, 403, 'the origin is allowed in production alone');
  assert.match(elsewhere.text, /allowed_origins/);
  await settings({ allowed_origins: [] });
  assert.equal((await ask({}, VALUES, from)).status, 403);
});
