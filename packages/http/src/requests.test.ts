import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type RouteName, routes } from '@spillway/contract';
import { refuse } from '@spillway/core';
import { STATUS } from './problem.ts';
import { createHttpServer } from './server.ts';
import { createWorld, exchange, type World } from './testing/world.ts';

let world: World;
before(async () => {
  world = await createWorld({ requestTimeoutMs: 700 });
});
after(() => world.close());

const flags = '/api/v1/feature-flags';
const post = (path: string, more: Parameters<World['call']>[2] = {}) =>
  world.call('POST', path, { token: world.adminToken, ...more });
const booleanFlag = (key: string) => ({ key, type: 'boolean', environments: { development: { enabled: true } } });

test('a created document has a version, an ETag and a place', async () => {
  const created = await post(flags, { body: booleanFlag('placed') });
  assert.equal(created.status, 201);
  assert.equal(created.headers.etag, '"1"');
  assert.equal(created.headers.location, `${flags}/placed`);
  const read = await world.call('GET', `${flags}/placed`, { token: world.adminToken });
  assert.equal(read.json.version, 1);
  const unchanged = await world.call('GET', `${flags}/placed`, {
    token: world.adminToken,
    headers: { 'if-none-match': '"1"' },
  });
  assert.equal(unchanged.status, 304);
});

test('a write on an old version is refused with both versions', async () => {
  await post(flags, { body: booleanFlag('raced') });
  const change = (version: string) =>
    world.call('PATCH', `${flags}/raced/environments/development`, {
      token: world.adminToken,
      body: { percentage: 20 },
      headers: { 'if-match': version },
    });
  assert.equal((await change('"1"')).status, 200);
  const stale = await change('1');
  assert.equal(stale.status, 409);
  assert.equal(stale.problem.code, 'stale');
  assert.deepEqual([stale.problem.expected_version, stale.problem.actual_version], [1, 2]);
  for (const bad of ['*', '"x"', '"0"', '-1', '"1", "2"', 'W/"1"', '1e3', '99999999999999999999']) {
    const refused = await change(bad);
    assert.equal(refused.status, 400, bad);
    assert.equal(refused.problem.errors?.[0]?.field, 'If-Match');
  }
});

test('a precondition is looked at by what changes a document with versions, and refused by all else', async () => {
  const headers = { 'if-match': '"7"' };
  for (const [name, route] of Object.entries(routes) as [RouteName, (typeof routes)[RouteName]][]) {
    if (route.method === 'GET') continue;
    const conditional = 'conditional' in route;
    const answersVersion =
      'body' in route.success && 'version' in ((route.success.body as { shape?: object }).shape ?? {});
    const isNew = name.startsWith('create') || name === 'importMembers';
    if (answersVersion && !isNew) assert.ok(conditional, `${name} answers a version and takes none`);
    if (conditional) continue;
    const token = { sdk: world.sdkKey, sdk_or_client: world.sdkKey, client: world.clientKey } as Record<string, string>;
    const path = route.path.replaceAll(/\{\w+\}/g, 'any');
    const answer = await world.call(route.method, path, { token: token[route.auth] ?? world.adminToken, headers });
    assert.equal(answer.status, 400, `${name}: ${answer.text}`);
    assert.match(answer.text, /If-Match/, name);
  }
});

test('switches, rollouts and pushed manifests are changed at the version that was seen, or not', async () => {
  const change = async (method: string, path: string, version: number, body: unknown) => {
    const headers = { 'if-match': `"${version}"` };
    return (await world.call(method, path, { token: world.adminToken, headers, body })).status;
  };
  await post('/api/v1/kill-switches', { body: { key: 'seen', scope: 'global' } });
  const activate = '/api/v1/kill-switches/seen/activate';
  assert.equal(await change('POST', activate, 4, { reason: 'test' }), 409);
  assert.equal(await change('POST', activate, 1, { reason: 'test' }), 200);
  assert.equal(await change('POST', activate, 1, { reason: 'test' }), 409);
  assert.equal(await change('POST', '/api/v1/kill-switches/seen/release', 1, { reason: 'test' }), 409);
  assert.equal(await change('POST', '/api/v1/kill-switches/seen/release', 2, { reason: 'test' }), 200);
  await post(flags, { body: booleanFlag('pushed') });
  const manifest = '/openfeature/v0/manifest/flags/pushed';
  const asIs = { key: 'pushed', type: 'boolean', defaultValue: false };
  assert.equal(await change('PUT', manifest, 2, asIs), 409);
  assert.equal(await change('PUT', manifest, 2, { ...asIs, description: 'seen' }), 409);
  assert.equal(await change('PUT', manifest, 1, { ...asIs, description: 'seen' }), 200);
  assert.equal(await change('DELETE', manifest, 1, undefined), 409);
  assert.equal(await change('DELETE', manifest, 2, undefined), 200);
  const references = { repository: 'acme/shop', references: [] };
  assert.equal(await change('PUT', '/api/v1/code-references', 1, references), 409);
  const plan = { key: 'unseen', environment: 'staging', stages: [] };
  assert.notEqual(await change('POST', '/api/v1/rollouts', 3, { plan }), 201);
  assert.equal(await change('POST', '/api/v1/rollouts/unseen/pause', 3, {}), 409);
});

test('what would change nothing makes no version and no entry, and says so', async () => {
  await post(flags, { body: booleanFlag('same') });
  const patch = (body: unknown, headers = {}) =>
    world.call('PATCH', `${flags}/same/environments/production?reason=test`, {
      token: world.adminToken,
      body,
      headers,
    });
  const first = await patch({ enabled: true });
  assert.deepEqual([first.json.version, first.json.unchanged], [2, undefined]);
  const again = await patch({ enabled: true });
  assert.deepEqual([again.status, again.json.version, again.json.unchanged, again.headers.etag], [200, 2, true, '"2"']);
  const { unchanged: _, ...rest } = again.json;
  assert.deepEqual(rest, first.json);
  assert.equal((await patch({ enabled: true }, { 'if-match': '"1"' })).status, 409);
  const history = await world.call('GET', `${flags}/same/history`, { token: world.adminToken });
  assert.equal((history.json.items as unknown[]).length, 2);
  const read = await world.call('GET', `${flags}/same`, { token: world.adminToken });
  assert.equal(read.json.unchanged, undefined);
});

test('a repeated write with the same key is made once', async () => {
  const headers = { 'idempotency-key': 'create-once' };
  const first = await post(flags, { body: booleanFlag('once'), headers });
  const second = await post(flags, { body: booleanFlag('once'), headers });
  assert.equal(first.status, 201);
  assert.equal(second.status, 201, second.text);
  assert.deepEqual(second.json, first.json);
  for (const bad of ['', 'x'.repeat(256), 'caf\u00e9']) {
    const refused = await post(flags, { body: booleanFlag('once'), headers: { 'idempotency-key': bad } });
    assert.equal(refused.status, 400, JSON.stringify(bad));
    assert.equal(refused.problem.errors?.[0]?.field, 'Idempotency-Key');
  }
});

test('every answer carries a request id, and a refusal repeats it', async () => {
  const good = await world.call('GET', '/healthz');
  assert.match(String(good.headers['x-request-id']), /^[0-9a-f-]{36}$/);
  const bad = await world.call('GET', flags, { headers: { 'x-request-id': 'forged\u00e9' } });
  assert.equal(bad.problem.request_id, bad.headers['x-request-id']);
  assert.match(String(bad.problem.request_id), /^[0-9a-f-]{36}$/);
});

test('a query is read strictly', async () => {
  const list = (query: string) => world.call('GET', `${flags}?${query}`, { token: world.adminToken });
  for (const [query, status, field] of [
    ['limit=0', 422, '?limit'],
    ['limit=abc', 422, '?limit'],
    ['limit=501', 422, '?limit'],
    ['limt=5', 422, '?limt'],
    ['limit=1&limit=2', 400, '?limit'],
    ['search=%ff', 400, '?search'],
    ['search=%zz', 400, '?search'],
    ['__proto__=1', 400, '?__proto__'],
    ['lifecycle=gone', 422, '?lifecycle'],
    ['limit[$gt]=1', 422, '?limit[$gt]'],
  ] as const) {
    const answer = await list(query);
    assert.equal(answer.status, status, query);
    assert.equal(answer.problem.errors?.[0]?.field, field, query);
  }
  assert.equal((await list('limit=5&search=a+b%20c')).status, 200);
});

test('HEAD answers where GET does, without the body; a stream has no HEAD', async () => {
  await post(flags, { body: booleanFlag('looked-at') });
  const token = world.adminToken;
  for (const path of ['/healthz', '/readyz', '/openapi.json', flags, `${flags}/looked-at`]) {
    const [head, get] = [await world.call('HEAD', path, { token }), await world.call('GET', path, { token })];
    assert.equal(head.status, 200, path);
    assert.equal(head.text, '');
    for (const name of ['etag', 'content-type', 'content-length']) assert.equal(head.headers[name], get.headers[name]);
  }
  assert.equal((await world.call('HEAD', flags)).status, 401);
  const stream = await world.call('HEAD', '/api/v1/events', { token });
  assert.deepEqual([stream.status, stream.headers.allow], [405, 'POST, GET']);
  assert.equal((await world.call('DELETE', '/healthz')).headers.allow, 'GET, HEAD');
});

test('what a use case refuses is named by the place it came from', async () => {
  const token = world.adminToken;
  await post(flags, { body: booleanFlag('named') });
  await post(flags, { body: booleanFlag('other'), headers: { 'idempotency-key': 'named' } });
  for (const [method, path, more, field] of [
    ['GET', `${flags}?cursor=zz`, {}, '?cursor'],
    ['GET', `/api/v1/audit?cursor=${Buffer.from('audit:0').toString('hex')}`, {}, '?cursor'],
    ['GET', `${flags}?cursor=${Buffer.from('flags:\0').toString('hex')}`, {}, '?cursor'],
    ['GET', '/api/v1/audit?key=%00', {}, '?key'],
    ['POST', `${flags}?reason=%00`, { body: { key: 'never' } }, '?reason'],
    ['PATCH', `${flags}/named/environments/nowhere`, { body: {} }, '{environment}'],
    ['POST', flags, { body: { key: 'never' }, headers: { 'idempotency-key': 'named' } }, 'Idempotency-Key'],
    ['DELETE', '/api/v1/tokens/%00', { headers: { 'idempotency-key': 'nul' } }, '{key}'],
    ['POST', '/api/v1/tokens', { body: { name: 'a\0b', kind: 'admin' } }, '/name'],
    ['POST', '/api/v1/tokens', { body: { name: 'a\u001b[31m', kind: 'admin' } }, '/name'],
    [
      'POST',
      '/api/v1/evaluate',
      { body: { environment: 'production', context: { a: 'x'.repeat(40_000) } } },
      '/context',
    ],
  ] as const) {
    const answer = await world.call(method, path, { token, ...more });
    assert.ok(answer.status >= 400 && answer.status < 500, `${method} ${path}: ${answer.text}`);
    assert.equal(answer.problem.errors?.[0]?.field, field, `${method} ${path}: ${answer.text}`);
  }
  const spaced = await post(flags, { body: booleanFlag('spaced'), headers: { 'idempotency-key': 'two words' } });
  assert.equal(spaced.status, 201);
});

test('an evaluation tells how it came about when asked to, and only then', async () => {
  await post(flags, { body: booleanFlag('explained') });
  const ask = (more: object) => post('/api/v1/evaluate', { body: { environment: 'production', context: {}, ...more } });
  assert.doesNotMatch((await ask({})).text, /"trace"/);
  assert.match((await ask({ trace: true, flags: ['explained'] })).text, /"trace":\{"decided_by":"off","rules":\[\]\}/);
});

test('a route without a body takes none, and one whose fields are all optional works without', async () => {
  const refused = await post('/api/v1/audit/verify', { body: {} });
  assert.equal(refused.status, 422);
  assert.equal((await post('/api/v1/audit/verify')).json.is, 'intact');
  await post(flags, { body: booleanFlag('archived') });
  assert.equal((await post(`${flags}/archived/archive`)).status, 200);
});

test('an unexpected error shows its request id and nothing of what is inside', async () => {
  const lines: object[] = [];
  const log = { debug() {}, info() {}, warn() {}, error: (line: object) => void lines.push(line) };
  const broken = {
    ...world.control,
    flags: { ...world.control.flags, get: () => Promise.reject(new Error('secret detail')) },
  };
  const server = createHttpServer({ control: broken, log });
  const { url } = await server.listen({ host: '127.0.0.1', port: 0 });
  try {
    const response = await fetch(`${url}${flags}/any`, { headers: { authorization: `Bearer ${world.adminToken}` } });
    const text = await response.text();
    assert.equal(response.status, 500);
    assert.equal(response.headers.get('content-type'), 'application/problem+json; charset=utf-8');
    assert.ok(!text.includes('secret detail') && !text.includes('.ts'), text);
    assert.equal(lines.length, 1);
    assert.ok(text.includes(String((lines[0] as { request_id?: unknown }).request_id)));
  } finally {
    await server.close();
  }
});

test('a store that does not answer is told apart from a fault', async () => {
  class Away extends Error {}
  const broken = {
    ...world.control,
    flags: { ...world.control.flags, get: () => Promise.reject(new Away('at 10.0.0.1')) },
  };
  const server = createHttpServer({
    control: broken,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    isUnavailable: (error) => error instanceof Away,
  });
  const { url } = await server.listen({ host: '127.0.0.1', port: 0 });
  try {
    const answer = await fetch(`${url}${flags}/any`, { headers: { authorization: `Bearer ${world.adminToken}` } });
    assert.equal(answer.status, 503);
    assert.equal(answer.headers.get('retry-after'), '1');
    const text = await answer.text();
    assert.ok(text.includes('"code":"unavailable"') && !text.includes('10.0.0.1'), text);
  } finally {
    await server.close();
  }
});

test('every refusal of the core has its own status, and details never replace the standard members', async () => {
  const control = {
    ...world.control,
    flags: {
      ...world.control.flags,
      get: async (_: unknown, key: string) =>
        refuse(key.replaceAll('-', '_') as 'stale', 'told', { details: { status: 200, code: 'fine', extra: 1 } }),
    },
  };
  const server = createHttpServer({ control, log: { debug() {}, info() {}, warn() {}, error() {} } });
  const { url } = await server.listen({ host: '127.0.0.1', port: 0 });
  try {
    for (const [code, { status }] of Object.entries(STATUS)) {
      const response = await fetch(`${url}${flags}/${code.replaceAll('_', '-')}`, {
        headers: { authorization: `Bearer ${world.adminToken}` },
      });
      const problem = (await response.json()) as Record<string, unknown>;
      assert.equal(response.status, status, code);
      assert.deepEqual([problem.status, problem.code, problem.extra], [status, code, 1]);
    }
  } finally {
    await server.close();
  }
});

test('bytes that are no request are answered with a problem document that names the field, and the connection is closed', async () => {
  const get = (more = '') => `GET ${flags} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${more}\r\n`;
  const sent = (lines: string, body = '') => `POST ${flags} HTTP/1.1\r\nhost: x\r\n${lines}\r\n\r\n${body}`;
  for (const [what, bytes, status, field] of [
    ['nonsense', 'hello\r\n\r\n', 400, 'method'],
    ['the start of TLS', '\u0016\u0003\u0001\u0002', 400, 'method'],
    ['an unknown method', get().replace('GET', 'FOO'), 400, 'method'],
    ['a path with a NUL', get().replace(flags, '/\0'), 400, 'path'],
    ['an unknown version', get().replace('1.1', '1.2'), 400, 'version'],
    ['a version that is not spoken', get().replace('1.1', '2.0'), 505, 'version'],
    ['length and chunks together', sent('content-length: 5\r\ntransfer-encoding: chunked'), 400, 'Transfer-Encoding'],
    ['chunks and length together', sent('transfer-encoding: chunked\r\ncontent-length: 5'), 400, 'Content-Length'],
    ['two lengths', sent('content-length: 5\r\ncontent-length: 6'), 400, 'Content-Length'],
    ['a negative length', sent('content-length: -1'), 400, 'Content-Length'],
    ['a coding that is not chunks', sent('transfer-encoding: gzip'), 400, 'Transfer-Encoding'],
    ['a chunk without a size', sent('transfer-encoding: chunked', 'zz\r\n'), 400, 'body'],
    ['a chunk longer than its size', sent('transfer-encoding: chunked', '1\r\nab\r\n'), 400, 'body'],
    ['a folded header', get('x: a\r\n b\r\n'), 400, 'headers'],
    ['a space before the colon', get('x : a\r\n'), 400, 'headers'],
    ['a line break in a header', get('x: a\nb\r\n'), 400, 'headers'],
    ['too many header bytes', get(`x: ${'a'.repeat(20_000)}\r\n`), 431, 'headers'],
    ['more after the end', `${get()}${get()}`, 400, 'Connection'],
    ['two hosts', get('host: y\r\n'), 400, 'Host'],
    ['a host that is none', get().replace('host: x', 'host: a b/..'), 400, 'Host'],
    ['no host', get().replace('host: x\r\n', ''), 400, 'Host'],
    ['two tokens', get('authorization: Bearer a\r\nAuthorization: Bearer b\r\n'), 400, 'Authorization'],
    ['an expectation', get('expect: a miracle\r\n'), 417, 'Expect'],
    ['a tunnel', 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nhost: x\r\n\r\n', 405, 'method'],
  ] as const) {
    const answer = await exchange(world.port, bytes);
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), what);
    assert.match(answer, /application\/problem\+json/i, what);
    assert.match(answer, /"request_id":"[0-9a-f-]{36}"/, what);
    assert.match(answer, new RegExp(`"errors":\\[\\{"field":"${field}","message":"[^"]+"\\}\\]`, 'i'), what);
  }
});

test('an evaluation is refused for the same crookedness as everything else', async () => {
  const body = '{"context":{}}';
  const head = `POST /api/v1/evaluate HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${world.sdkKey}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n`;
  assert.match(await exchange(world.port, `${head}\r\n${body}`), /^HTTP\/1\.1 200 /);
  for (const [from, to, status] of [
    ['host: x', 'host: a/b', 400],
    ['HTTP/1.1', 'HTTP/2.0', 505],
    ['connection', 'expect: more\r\nconnection', 417],
  ] as const) {
    assert.match(
      await exchange(world.port, `${head.replace(from, to)}\r\n${body}`),
      new RegExp(`^HTTP/1\\.1 ${status} `),
    );
  }
});

test('a body that never arrives is given up', async () => {
  const started = performance.now();
  const answer = await exchange(
    world.port,
    `POST ${flags} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${world.adminToken}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"key":`,
  );
  assert.match(answer, /^HTTP\/1\.1 408 /);
  assert.match(answer, /"code":"timeout"/);
  assert.ok(performance.now() - started < 5_000);
});

test('the description of the API is served, and has every route', async () => {
  const answer = await world.call('GET', '/openapi.json');
  assert.equal(answer.status, 200);
  for (const name of Object.keys(routes) as RouteName[])
    assert.ok(answer.text.includes(`"operationId":"${name}"`), name);
});

test('a snapshot that has not changed is not sent again', async () => {
  const first = await world.call('GET', '/api/v1/sdk/snapshot', { token: world.sdkKey });
  assert.equal(first.status, 200);
  assert.match(String(first.headers.etag), /^"[^"]+"$/);
  assert.equal(first.json.format, 'spillway.snapshot/1');
  const headers = { 'if-none-match': String(first.headers.etag) };
  const second = await world.call('GET', '/api/v1/sdk/snapshot', { token: world.sdkKey, headers });
  assert.equal(second.status, 304);
  assert.equal(second.text, '');
  await post(`${flags}?reason=test`, {
    body: { ...booleanFlag('fresh'), environments: { production: { enabled: true } } },
  });
  const third = await world.call('GET', '/api/v1/sdk/snapshot', { token: world.sdkKey, headers });
  assert.equal(third.status, 200);
});

test('readiness is the store, health is the process', async () => {
  const down = createHttpServer({
    control: world.control,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    ready: () => Promise.reject(new Error('gone')),
  });
  const { url } = await down.listen({ host: '127.0.0.1', port: 0 });
  try {
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
    const ready = await fetch(`${url}/readyz`);
    assert.equal(ready.status, 503);
    assert.equal(ready.headers.get('retry-after'), '1');
  } finally {
    await down.close();
  }
});

test('a store that takes no writes says why, at readiness and where something was to be stored', async () => {
  const full = Object.assign(new Error('The disk is full. Free space on it.'), { code: 'unwritable' });
  const server = createHttpServer({
    control: { ...world.control, flags: { ...world.control.flags, get: () => Promise.reject(full) } },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    ready: () => Promise.reject(full),
    isUnavailable: (error) => error === full,
  });
  const { url } = await server.listen({ host: '127.0.0.1', port: 0 });
  const headers = { authorization: `Bearer ${world.adminToken}` };
  try {
    for (const [path, says] of [
      ['/readyz', 'The disk is full. Free space on it.'],
      [`${flags}/any`, 'Nothing was stored. The disk is full. Free space on it.'],
    ] as const) {
      const answer = await fetch(`${url}${path}`, { headers });
      assert.deepEqual([answer.status, ((await answer.json()) as { detail: string }).detail], [503, says]);
    }
  } finally {
    await server.close();
  }
});

test('a number that cannot be kept is refused in a definition by its field, and answered for in a context', async () => {
  const lost = '12345678901234567890';
  const raw = `{"key":"big","type":"number","variants":[{"name":"a","value":1},{"name":"b","value":${lost}}]}`;
  const refused = await post(flags, { raw });
  assert.equal(refused.status, 400);
  assert.equal(refused.problem.errors?.[0]?.field, '/variants/1/value');
  assert.match(refused.problem.errors?.[0]?.message ?? '', /12345678901234567000.*as text/);
  assert.equal((await post(flags, { raw: raw.replace(lost, '12345678901234567000') })).status, 201);
  const asked = await post('/api/v1/evaluate', {
    raw: `{"environment":"development","flags":["big"],"context":{"targetingKey":"u","account":${lost}}}`,
  });
  assert.equal(asked.status, 200, asked.text);
});
