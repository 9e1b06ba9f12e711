import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request as sendRequest } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Problem, type Route, routes } from '@spillway/contract';
import fc from 'fast-check';
import { isRunning, temporaryDirectory, withoutSpillway } from './start-testing.ts';

/** The control-plane process as it runs for users, on its SQLite file, asked for everything it must refuse. */

const ADMIN = 'bad-input-admin-token-0123456789';
const SEED = 20_261_121;
const REQUEST_TIMEOUT_MS = 1_000;

const directory = temporaryDirectory();
let server: ChildProcess;
let port = 0;

before(async () => {
  server = spawn(process.execPath, [fileURLToPath(new URL('./main.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...withoutSpillway(process.env),
      SPILLWAY_DATA_DIR: directory.path,
      SPILLWAY_PORT: '0',
      SPILLWAY_ADMIN_TOKEN: ADMIN,
      SPILLWAY_LOG_LEVEL: 'fatal',
      SPILLWAY_REQUEST_TIMEOUT_MS: String(REQUEST_TIMEOUT_MS),
      SPILLWAY_ANNOUNCE: '1',
    },
  });
  const [line] = (await once(createInterface({ input: server.stdout ?? process.stdin }), 'line')) as [string];
  port = Number(new URL((JSON.parse(line) as { url: string }).url).port);
});

after(async () => {
  const exit = once(server, 'exit');
  server.kill('SIGTERM');
  assert.deepEqual(await exit, [0, null]);
  directory.remove();
});

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly problem: Problem;
}

interface Sent {
  readonly token?: string | undefined;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

function send(method: string, path: string, { token = ADMIN, body, headers }: Sent = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = sendRequest({
      host: '127.0.0.1',
      port,
      method,
      path,
      agent: false,
      headers: {
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        ...headers,
      },
    });
    request.once('error', reject);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const type = String(response.headers['content-type']);
        const problem = (/[/+]json/.test(type) ? JSON.parse(text) : {}) as Problem;
        resolve({ status: response.statusCode ?? 0, type, text, problem });
      });
    });
    request.end(body);
  });
}

/** A refusal as every one must be: 4xx, a problem document, the field named, and the server still there. */
function assertRefused(answer: Answer, status: number, field: string | RegExp, what: string): void {
  assert.equal(answer.status, status, `${what}: ${answer.text}`);
  assert.match(answer.type, /^application\/problem\+json/, what);
  const { code, detail, title, request_id, errors } = answer.problem;
  for (const member of [code, detail, title, request_id]) assert.equal(typeof member, 'string', what);
  const named = (errors ?? []).map((error) => error.field);
  const matches = (name: string) => (typeof field === 'string' ? name === field : field.test(name));
  assert.ok(named.some(matches), `${what} names ${JSON.stringify(named)}`);
  assert.ok(isRunning(server.pid ?? 0));
}

const withBody = Object.entries(routes)
  .map(([name, route]): [string, Route] => [name, route])
  .filter(([, route]) => route.body !== undefined && route.auth !== 'public');

/** OFREP's providers know no other status for what is wrong with a request; OpenFeature's command none for broken rules. */
const statusIn = (route: Route, status: number) =>
  route.refusals === 'ofrep' || (route.refusals === 'manifest' && status === 422) ? 400 : status;

const pathOf = (route: Route) =>
  route.path.replaceAll('{environment}', 'production').replaceAll(/\{\w+\}/g, 'some-key');
const flags = '/api/v1/feature-flags';

test('every route that takes a body refuses what is not strict JSON, naming the place', async () => {
  const deep = (open: string, close: string) => `{"a":${open.repeat(10_000)}${close.repeat(10_000)}}`;
  const key = { name: 'bad-input', kind: 'sdk', environment: 'production' };
  const issued = await send('POST', '/api/v1/tokens', { body: JSON.stringify(key) });
  const { secret } = JSON.parse(issued.text) as { readonly secret: string };
  const client = await send('POST', '/api/v1/tokens', { body: JSON.stringify({ ...key, kind: 'client' }) });
  const { secret: clientKey } = JSON.parse(client.text) as { readonly secret: string };
  const tokenFor = (auth: Route['auth']) =>
    auth === 'client' ? clientKey : auth === 'sdk' || auth === 'sdk_or_client' ? secret : ADMIN;
  for (const [name, route] of withBody) {
    const token = tokenFor(route.auth);
    for (const [what, body, status, field] of [
      ['malformed JSON', '{"key": "a",}', 400, 'body'],
      ['text that ends early', '{"key": "a"', 400, 'body'],
      ['two values', '{} {}', 400, 'body'],
      ['not JSON at all', '<xml/>', 400, 'body'],
      ['NaN', '{"a": NaN}', 400, 'body'],
      ['a duplicate key', '{"key":"a","key":"b"}', 400, '/key'],
      ['a duplicate key inside', '{"a":[{"b":1,"b":2}]}', 400, '/a/0/b'],
      ['__proto__', '{"__proto__":{"admin":true}}', 400, '/__proto__'],
      ['__proto__ inside', '{"a":{"__proto__":1}}', 400, '/a/__proto__'],
      ['__proto__ in disguise', '{"\\u005f\\u005fproto\\u005f_":1}', 400, '/__proto__'],
      ['constructor.prototype', '{"constructor":{"prototype":{}}}', 400, '/constructor/prototype'],
      ['10,000 arrays', deep('[', ']'), 400, /^\/a(?:\/0)+$/],
      ['10,000 objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 400, /^(?:\/a)+$/],
      ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400, 'body'],
      ['overlong UTF-8', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 400, 'body'],
      ['half a surrogate', '{"key":"\\ud800"}', 400, '/key'],
      ['an unknown field', '{"no_such_field":1}', 422, '/no_such_field'],
      ['a list', '[]', 422, 'body'],
      ['a text', '"text"', 422, 'body'],
      ['null', 'null', 422, 'body'],
    ] as const) {
      // OFREP wants fields of its later versions to be ignored.
      if (route.refusals === 'ofrep' && what === 'an unknown field') continue;
      const answer = await send(route.method, pathOf(route), { token, body });
      assertRefused(answer, statusIn(route, status), field, `${name}: ${what}`);
    }
    const large = Buffer.alloc(Math.max(2_000_000, (route.body_limits?.bytes ?? 0) + 1), 0x20);
    const huge = await send(route.method, pathOf(route), { token, body: large });
    assertRefused(huge, statusIn(route, 413), 'body', `${name}: ${large.length} bytes`);
    assert.ok(huge.text.includes(`${route.body_limits?.bytes ?? 1_048_576} bytes`), `${name} tells: ${huge.text}`);
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/json; charset=utf-16',
      'application/jsonx',
    ]) {
      const headers = { 'content-type': type };
      const answer = await send(route.method, pathOf(route), { token, body: '{}', headers });
      assertRefused(answer, statusIn(route, 415), 'Content-Type', `${name}: ${type}`);
    }
  }
});

test('2 MB without a length, and compressed bodies, are refused as well', async () => {
  const chunked = await new Promise<string>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    socket.once('close', () => resolve(text));
    socket.on('error', () => undefined);
    socket.write(
      `POST ${flags} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ADMIN}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`,
    );
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
    for (let sent = 0; sent < 32; sent += 1) socket.write(chunk);
  });
  assert.match(chunked, /^HTTP\/1\.1 413 /);
  const zipped = await send('POST', flags, { body: '{}', headers: { 'content-encoding': 'gzip' } });
  assertRefused(zipped, 415, 'Content-Type', 'gzip');
});

test('fields that break a rule are named, each by its place', async () => {
  const cases: readonly (readonly [string, string, unknown, string])[] = [
    ['POST', flags, { key: 7 }, '/key'],
    ['POST', flags, { key: 'Upper Case' }, '/key'],
    ['POST', flags, { key: 'a'.repeat(129) }, '/key'],
    ['POST', flags, { key: 'a', type: 'date' }, '/type'],
    ['POST', flags, { key: 'a', variants: [] }, '/variants'],
    ['POST', flags, { key: 'a', tags: 'one' }, '/tags'],
    [
      'POST',
      flags,
      { key: 'a', environments: { development: { enabled: 'yes' } } },
      '/environments/development/enabled',
    ],
    [
      'POST',
      flags,
      { key: 'a', environments: { development: { percentage: 101 } } },
      '/environments/development/percentage',
    ],
    [
      'POST',
      flags,
      { key: 'a', environments: { development: { percentage: -0.1 } } },
      '/environments/development/percentage',
    ],
    [
      'POST',
      flags,
      { key: 'a', environments: { development: { percentage: 0.00001 } } },
      '/environments/development/percentage',
    ],
    [
      'POST',
      flags,
      { key: 'a', environments: { development: { percentage: '20' } } },
      '/environments/development/percentage',
    ],
    [
      'POST',
      flags,
      {
        key: 'a',
        environments: {
          development: {
            rules: [{ when: { attribute: 'x', operator: 'like', values: [] }, serve: { variant: 'on' } }],
          },
        },
      },
      '/environments/development/rules/0/when/operator',
    ],
    ['POST', '/api/v1/environments', { key: '../etc' }, '/key'],
    ['POST', '/api/v1/tokens', { name: '', kind: 'admin' }, '/name'],
    ['POST', '/api/v1/tokens', { name: 'x', kind: 'root' }, '/kind'],
    ['POST', '/api/v1/tokens', { name: 'x', kind: 'admin', expires_in_ms: -5 }, '/expires_in_ms'],
    ['POST', '/api/v1/kill-switches/x/activate', {}, '/reason'],
    ['POST', '/api/v1/kill-switches/x/activate', { reason: '   ' }, '/reason'],
    ['POST', '/api/v1/rollouts', { plan: { key: 'r', environment: 'production', stages: [] } }, '/plan/stages'],
    ['PUT', '/api/v1/environments/production/services/shop', { path_prefix: 'no-slash' }, '/path_prefix'],
    ['POST', '/api/v1/evaluate', { context: [] }, '/context'],
    ['POST', '/api/v1/evaluate', { context: {}, at: 'yesterday' }, '/at'],
    ['POST', '/api/v1/evaluate', { context: {}, trace: 'yes' }, '/trace'],
  ];
  for (const [method, path, body, field] of cases) {
    assertRefused(
      await send(method, path, { body: JSON.stringify(body) }),
      422,
      field,
      `${method} ${path} ${JSON.stringify(body)}`,
    );
  }
  const infinite = await send('POST', flags, {
    body: '{"key":"a","environments":{"development":{"percentage":1e999}}}',
  });
  assertRefused(infinite, 400, '/environments/development/percentage', '1e999');
});

test('environments that do not exist are refused by name wherever they may be given', async () => {
  const body = (value: unknown) => ({ body: JSON.stringify(value) });
  for (const [method, path, sent, field] of [
    ['POST', flags, body({ key: 'lost', environments: { nowhere: { enabled: true } } }), /environments\/nowhere/],
    ['POST', `${flags}/some-key/evaluate`, body({ context: {}, environment: 'nowhere' }), /environment/],
    ['POST', '/api/v1/evaluate', body({ context: {}, environment: 'nowhere' }), /environment/],
    ['POST', '/api/v1/tokens', body({ name: 'x', kind: 'sdk', environment: 'nowhere' }), /environment/],
    ['PUT', '/api/v1/environments/nowhere/services/shop', body({}), /environment/],
  ] as const) {
    const answer = await send(method, path, sent);
    assert.ok(answer.status >= 400 && answer.status < 500, `${method} ${path}: ${answer.text}`);
    assertRefused(answer, answer.status, field, `${method} ${path}`);
    assert.match(answer.problem.detail, /nowhere|unknown environment/);
  }
});

test('forged, expired and revoked tokens are refused everywhere, and the reason is in the header they came in', async () => {
  const issue = async (expires_in_ms?: number) => {
    const answer = await send('POST', '/api/v1/tokens', {
      body: JSON.stringify({ name: 'x', kind: 'admin', expires_in_ms }),
    });
    return JSON.parse(answer.text) as { key: string; secret: string };
  };
  const short = await issue(200);
  const revoked = await issue();
  assert.equal((await send('DELETE', `/api/v1/tokens/${encodeURIComponent(revoked.key)}`)).status, 204);
  await new Promise((resolve) => setTimeout(resolve, 250));
  const forged = `${ADMIN.slice(0, -1)}x`;
  for (const token of [
    short.secret,
    revoked.secret,
    forged,
    `${ADMIN}x`,
    ADMIN.toUpperCase(),
    'null',
    'undefined',
    '[object',
    '%00',
    "'--",
  ]) {
    for (const [name, route] of withBody) {
      assertRefused(
        await send(route.method, pathOf(route), { token, body: '{}' }),
        401,
        'Authorization',
        `${name} with ${token}`,
      );
    }
  }
  assertRefused(await send('GET', flags, { token: '' }), 401, 'Authorization', 'none');
});

test('preconditions that cannot be read are refused by the header’s name', async () => {
  const patch = `${flags}/some-key/environments/development`;
  const ifMatch = await send('PATCH', patch, { body: '{}', headers: { 'if-match': 'yesterday' } });
  assertRefused(ifMatch, 400, 'If-Match', 'If-Match');
  const key = await send('POST', flags, { body: '{"key":"a"}', headers: { 'idempotency-key': 'x'.repeat(300) } });
  assertRefused(key, 400, 'Idempotency-Key', 'Idempotency-Key');
  const lastEvent = await send('GET', '/api/v1/events', { headers: { 'last-event-id': '-1' } });
  assertRefused(lastEvent, 400, 'Last-Event-ID', 'Last-Event-ID');
});

test('no spelling of a path answers without a token', async () => {
  for (const path of [
    '//api/v1/feature-flags',
    '/./api/v1/feature-flags',
    '/api/v1/feature-flags/.',
    '/healthz/../api/v1/feature-flags',
    '/healthz/..%2fapi/v1/feature-flags',
    '/api%2fv1%2ffeature-flags',
    '/api/v1/%66eature-flags',
    '/API/v1/feature-flags',
    '/api/v1/feature-flags/',
    '/api/v1/feature-flags.',
    '/api/v1/feature-flags;/healthz',
    '/api/v1/feature-flags%00',
    '/api/v1/feature-flags%zz',
    '/api/v1/feature-flags/%ff',
    `/${'a'.repeat(8_000)}`,
    'http://other/api/v1/feature-flags',
  ]) {
    const answer = await send('GET', path, { token: '' });
    assert.ok([400, 401, 404, 414].includes(answer.status), `${path}: ${answer.status}`);
    assert.match(answer.type, /^application\/problem\+json/, path);
  }
});

test('slow bodies are given up, and many of them do not keep others waiting', async () => {
  const closed = Array.from({ length: 50 }, () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      `POST ${flags} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ADMIN}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{`,
    );
    const drip = setInterval(() => socket.write(' '), 100);
    return new Promise<string>((resolve) => {
      let text = '';
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      socket.once('close', () => {
        clearInterval(drip);
        resolve(text);
      });
    });
  });
  const started = performance.now();
  assert.equal((await send('GET', flags)).status, 200);
  assert.ok(performance.now() - started < REQUEST_TIMEOUT_MS);
  for (const text of await Promise.all(closed)) assert.match(text, /^HTTP\/1\.1 408 [\s\S]*"code":"timeout"/);
});

test('whatever JSON arrives, the answer is a success or a problem, never a fault', async () => {
  const keys = [
    'key',
    'type',
    'environments',
    'production',
    'development',
    'rules',
    'when',
    'all',
    'serve',
    'split',
    'percentage',
    'variants',
    'name',
    'value',
    'context',
    'targetingKey',
    'plan',
    'stages',
    'reason',
    'kind',
    'scope',
    'affects',
    'environment',
  ];
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<unknown>(
        null,
        true,
        0,
        -1,
        1.5,
        1e308,
        '',
        'a',
        'production',
        'boolean',
        'on',
        '\u0000',
        '💥',
        'a'.repeat(300),
      ),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom(...keys), tie('tree'), { maxKeys: 5 }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...withBody),
      fc.dictionary(fc.constantFrom(...keys), tree, { maxKeys: 6 }),
      async ([name, route], body) => {
        const answer = await send(route.method, pathOf(route), { body: JSON.stringify(body) });
        assert.ok(answer.status < 500, `${name} ${JSON.stringify(body)}: ${answer.text}`);
        if (answer.status >= 400) assert.match(answer.type, /^application\/problem\+json/);
      },
    ),
    { seed: SEED, numRuns: 400 },
  );
});

test('whatever stands in a path or a query, the answer is a success or a problem, never a fault', async () => {
  const odd = [
    '%00',
    'a%00b',
    '%F0%9F%92%A9',
    '..%2F..',
    '__proto__',
    'a'.repeat(500),
    '%25',
    '9007199254740993',
    '-1',
  ];
  const moments = ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '1e400', ',,', '%20'];
  for (const [name, route] of Object.entries(routes).map(([key, one]): [string, Route] => [key, one])) {
    if (route.success.stream !== undefined || name === 'signOut') continue;
    const parameters = [...route.path.matchAll(/\{\w+\}/g)].map(([parameter]) => parameter);
    const body = route.body === undefined ? {} : { body: '{}' };
    for (const value of [...odd, ...moments]) {
      const paths = [
        ...parameters.map((parameter) =>
          pathOf({ ...route, path: `/${route.path.slice(1).replace(parameter, value)}` }),
        ),
        ...Object.keys(route.query?.shape ?? {}).map((field) => `${pathOf(route)}?${field}=${value}`),
      ];
      for (const path of paths) {
        const answer = await send(route.method, path, body);
        assert.ok(answer.status < 500, `${name} ${path}: ${answer.text}`);
      }
    }
  }
});

test('after all of this the server is the one that was started, and its log is whole', async () => {
  assert.ok(isRunning(server.pid ?? 0));
  assert.equal((await send('GET', '/readyz')).status, 200);
  const verified = await send('POST', '/api/v1/audit/verify');
  assert.match(verified.text, /"is":"intact"/);
});
