import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Auth, type Route, routes } from '@spillway/contract';
import type { Principal } from '@spillway/core';
import { createHttpServer } from './server.ts';
import { createWorld, type World } from './testing/world.ts';

let world: World;
before(async () => {
  world = await createWorld();
});
after(() => world.close());

const everyRoute = Object.entries(routes).map(([name, route]): [string, Route] => [name, route]);

function pathOf(route: Route): string {
  return route.path.replaceAll(/\{\w+\}/g, 'some-key');
}

/** Streams answer and go on: they are asked for with a query that they refuse once the caller is let in. */
function call(route: Route, headers: Readonly<Record<string, string>>) {
  const path = route.success.stream === undefined ? pathOf(route) : `${pathOf(route)}?unknown=1`;
  return world.call(route.method, path, { headers });
}

async function expired(): Promise<string> {
  const issued = await world.call('POST', '/api/v1/tokens', {
    token: world.adminToken,
    body: { name: 'short', kind: 'admin', expires_in_ms: 60_000 },
  });
  world.pass(61_000);
  return String(issued.json.secret);
}

async function revoked(): Promise<string> {
  const issued = await world.call('POST', '/api/v1/tokens', {
    token: world.adminToken,
    body: { name: 'gone', kind: 'admin' },
  });
  assert.equal((await world.call('GET', '/api/v1/session', { token: String(issued.json.secret) })).status, 200);
  const key = encodeURIComponent(String(issued.json.key));
  assert.equal((await world.call('DELETE', `/api/v1/tokens/${key}`, { token: world.adminToken })).status, 204);
  return String(issued.json.secret);
}

test('every route × every kind of credential is let in or turned away as the table says', async () => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const nobody: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    none: {},
    junk: bearer('junk'),
    empty: { authorization: 'Bearer ' },
    'another scheme': { authorization: `Basic ${Buffer.from(`admin:${world.adminToken}`).toString('base64')}` },
    'without scheme': { authorization: world.adminToken },
    'with something behind': bearer(`${world.adminToken}x`),
    'too long': bearer('x'.repeat(4_000)),
    'two of them': { authorization: `Bearer ${world.adminToken}, Bearer ${world.sdkKey}` },
    'junk cookie': { cookie: 'spillway_session=junk', 'sec-fetch-site': 'same-origin' },
    'token as cookie': { cookie: `spillway_session=${world.adminToken}`, 'sec-fetch-site': 'same-origin' },
    expired: bearer(await expired()),
    revoked: bearer(await revoked()),
  };
  const lets: Readonly<Record<Auth, { readonly [K in Principal['kind']]: boolean }>> = {
    public: { admin: true, sdk: true, client: true },
    admin: { admin: true, sdk: false, client: false },
    sdk: { admin: false, sdk: true, client: false },
    client: { admin: false, sdk: false, client: true },
    admin_or_sdk: { admin: true, sdk: true, client: false },
    sdk_or_client: { admin: false, sdk: true, client: true },
  };
  for (const [name, route] of everyRoute) {
    for (const [what, headers] of Object.entries(nobody)) {
      const { status, problem } = await call(route, headers);
      if (route.auth === 'public') {
        // A sign-in without a body is refused for that, never for want of a token.
        assert.ok(status === 200 || problem.code === 'invalid', `${name} with ${what}: ${status}`);
      } else {
        assert.equal(status, 401, `${name} with ${what}`);
        assert.equal(problem.code, 'unauthenticated');
      }
    }
    for (const [kind, token] of [
      ['admin', world.adminToken],
      ['sdk', world.sdkKey],
      ['client', world.clientKey],
    ] as const) {
      // What these two do once inside is not asked here: reading is harmless, writing lacks a body.
      if (name === 'signOut' || name === 'verifyChanges') continue;
      const { status } = await call(route, bearer(token));
      if (lets[route.auth][kind]) assert.ok(status !== 401 && status !== 403, `${name} as ${kind}: ${status}`);
      else assert.equal(status, 403, `${name} as ${kind}`);
    }
  }
});

test('a route that does not say who may call it cannot be mounted', async () => {
  const { app } = createHttpServer({ control: world.control, log: { debug() {}, info() {}, warn() {}, error() {} } });
  assert.throws(() => app.get('/open', async () => 'anything'), /does not say who may call it/);
  await app.close();
});

test('no spelling of a path gets past the door', async () => {
  const tricks = [
    '//api/v1/feature-flags',
    '/api//v1/feature-flags',
    '/api/v1//feature-flags',
    '/./api/v1/feature-flags',
    '/api/./v1/feature-flags',
    '/api/v1/feature-flags/.',
    '/api/v1/feature-flags/..',
    '/healthz/../api/v1/feature-flags',
    '/healthz/..%2fapi/v1/feature-flags',
    '/api/v1/../v1/feature-flags',
    '/api%2fv1%2ffeature-flags',
    '/api/v1%2ffeature-flags',
    '/api/v1/%66eature-flags',
    '/api/v1/feature-flags/',
    '/api/v1/feature-flags//',
    '/api/v1/feature-flags.',
    '/api/v1/feature-flags.json',
    '/api/v1/feature-flags;x=/healthz',
    '/api/v1/feature-flags%00',
    '/api/v1/feature-flags%20',
    '/api/v1/feature-flags?/healthz',
    '/api/v1/feature-flags#/healthz',
    '/API/V1/FEATURE-FLAGS',
    '/Api/v1/feature-flags',
    '/api/v1/feature-flags\\',
    '\\api\\v1\\feature-flags',
    '/healthz/api/v1/feature-flags',
    'http://127.0.0.1/api/v1/feature-flags',
    '/api/v1/feature-flags/%2e%2e/feature-flags',
    '/api/v1/feature%2dflags',
    '/%2e/api/v1/feature-flags',
    '/api/v1/feature-flags/%c0%ae',
  ];
  for (const path of tricks) {
    for (const headers of [
      {},
      { accept: 'text/html' },
      { 'x-original-url': '/healthz', 'x-rewrite-url': '/healthz' },
    ]) {
      const answer = await world.call('GET', path, { headers });
      const isPage = answer.status === 200 && String(answer.headers['content-type']).startsWith('text/html');
      assert.ok(
        isPage || [400, 401, 404, 405].includes(answer.status),
        `${path}: ${answer.status} ${answer.text.slice(0, 80)}`,
      );
      assert.ok(!answer.text.includes('"items"'), path);
    }
  }
});

test('a method cannot be overridden, and one that a path does not have is named', async () => {
  const answer = await world.call('DELETE', '/api/v1/feature-flags', { token: world.adminToken });
  assert.equal(answer.status, 405);
  assert.equal(answer.headers.allow, 'GET, HEAD, POST');
  const overridden = await world.call('POST', '/api/v1/session', { headers: { 'x-http-method-override': 'GET' } });
  assert.equal(overridden.problem.code, 'invalid');
});

test('no answer opens the server to other sites', async () => {
  for (const method of ['GET', 'OPTIONS', 'POST']) {
    const { headers } = await world.call(method, '/api/v1/feature-flags', {
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
      token: world.adminToken,
    });
    for (const name of Object.keys(headers)) assert.ok(!name.startsWith('access-control-'), `${method}: ${name}`);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['x-frame-options'], 'DENY');
  }
});
