import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Answer, createWorld, exchange, type World } from '../testing/world.ts';
import { askedBy, MAX_FAST_BODY_BYTES } from './asked.ts';

let world: World;
before(async () => {
  world = await createWorld();
  const flag = {
    key: 'fast',
    type: 'boolean',
    environments: {
      production: {
        enabled: true,
        rules: [
          {
            id: 'germany',
            when: { attribute: 'country', operator: 'in', values: ['DE'] },
            serve: { variant: 'on' },
          },
        ],
      },
    },
  };
  const created = await world.call('POST', '/api/v1/feature-flags?reason=test', {
    token: world.adminToken,
    body: flag,
  });
  assert.equal(created.status, 201, created.text);
  const wide = {
    key: 'wide',
    type: 'string',
    variants: [{ name: 'only', value: 'x'.repeat(2_000) }],
    environments: { production: { enabled: true } },
  };
  const more = await world.call('POST', '/api/v1/feature-flags?reason=test', { token: world.adminToken, body: wide });
  assert.equal(more.status, 201, more.text);
});
after(() => world.close());

const ONE = '/api/v1/feature-flags/fast/evaluate';
const ALL = '/api/v1/evaluate';
const OFREP_ALL = '/ofrep/v1/evaluate/flags';
const PATHS = [
  ...[ONE, ALL, '/api/v1/feature-flags/unknown/evaluate'],
  ...[`${OFREP_ALL}/fast`, OFREP_ALL, `${OFREP_ALL}/unknown`],
];
/** Says nothing to these routes, but the fast lane leaves it to the long way. */
const LONG_WAY = { 'last-event-id': '1' };

function comparable({ status, headers, text }: Answer) {
  const { date: _, 'x-request-id': id, 'content-length': __, ...kept } = headers;
  assert.match(String(id), /^[0-9a-f-]{36}$/);
  return { status, kept, text: text.replaceAll(String(id), 'ID') };
}

test('the fast lane answers and refuses in the words, headers and bytes of the long way', async () => {
  const contexts: unknown[] = [
    { context: { targetingKey: 'u', country: 'DE' } },
    { context: { targetingKey: 'u', country: 'FR', nested: { a: [1, 2, { b: null }] } } },
    { context: {} },
    { context: { targetingKey: 'ü€😀' }, trace: true },
    { context: { targetingKey: 'u' }, environment: 'development' },
    { context: { targetingKey: 'u' }, flags: ['fast', 'unknown'] },
    { context: { ['n'.repeat(257)]: 1 } },
    { context: { text: 'x'.repeat(40_000) } },
    { context: [] },
    { contexts: {} },
    {},
    [],
    null,
    'text',
  ];
  const raw = ['{"context":{"a":1,"a":2}}', '{"context":{"__proto__":1}}', '{"context":', '\uFEFF{"context":{}}', ' '];
  const bodies = [...contexts.map((body) => JSON.stringify(body)), ...raw];
  const keys = [world.sdkKey, world.clientKey, world.adminToken, 'spw_sdk_unknown'];
  let answered = 0;
  for (const token of keys) {
    for (const path of PATHS) {
      for (const body of bodies) {
        const fast = await world.call('POST', path, { token, raw: body });
        const long = await world.call('POST', path, { token, raw: body, headers: LONG_WAY });
        assert.deepEqual(comparable(fast), comparable(long), `${path} ${body.slice(0, 60)}`);
        answered += Number(fast.status === 200);
      }
    }
  }
  assert.ok(answered > 15, `only ${answered} were answered`);
});

test('all flags asked for again are 304 by either way, until something changed', async () => {
  const ask = async (etag: string, headers: Record<string, string>) =>
    world.call('POST', OFREP_ALL, {
      token: world.sdkKey,
      body: { context: { targetingKey: 'u' } },
      headers: { 'if-none-match': etag, ...headers },
    });
  const { headers, status } = await ask('"other"', {});
  assert.equal(status, 200);
  const etag = String(headers.etag);
  const fast = await ask(etag, {});
  assert.deepEqual([fast.status, fast.text, fast.headers['content-length']], [304, '', undefined]);
  assert.deepEqual(comparable(fast), comparable(await ask(etag, LONG_WAY)));
});

test('definitions are the same by either way, plain, compressed, and as what the asker has already', async () => {
  const ask = (token: string, headers: Record<string, string>) =>
    world.call('GET', '/api/v1/sdk/snapshot', { token, headers });
  const plain = await ask(world.sdkKey, {});
  assert.equal(plain.status, 200);
  const etag = String(plain.headers.etag);
  for (const headers of [
    ...[{}, { 'accept-encoding': 'gzip, deflate' }, { 'accept-encoding': 'br, gzip;q=0' }, { 'accept-encoding': '' }],
    ...[{ 'if-none-match': etag }, { 'if-none-match': `W/${etag}` }, { 'if-none-match': `"x", ${etag}` }],
    ...[{ 'if-none-match': '"x"' }, { 'if-none-match': '*', 'accept-encoding': 'gzip' }],
  ]) {
    for (const token of [world.sdkKey, world.clientKey, world.adminToken, 'spw_sdk_unknown']) {
      const [fast, long] = [await ask(token, headers), await ask(token, { ...headers, ...LONG_WAY })];
      assert.deepEqual(comparable(fast), comparable(long), JSON.stringify(headers));
    }
  }
  const answer = await fetch(`${world.url}/api/v1/sdk/snapshot`, {
    headers: { authorization: `Bearer ${world.sdkKey}`, 'accept-encoding': 'gzip' },
  });
  assert.deepEqual(
    [answer.headers.get('content-encoding'), answer.headers.get('etag'), answer.headers.get('vary')],
    ['gzip', `W/${etag}`, 'Accept-Encoding'],
  );
  assert.equal(await answer.text(), plain.text);
  const again = await ask(world.sdkKey, { 'if-none-match': `W/${etag}`, 'accept-encoding': 'gzip' });
  assert.equal(again.status, 304);
  const changed = await world.call('PATCH', '/api/v1/feature-flags/fast/environments/production?reason=test', {
    token: world.adminToken,
    body: { enabled: false },
  });
  assert.equal(changed.status, 200, changed.text);
  assert.equal((await ask(world.sdkKey, { 'if-none-match': etag })).status, 200);
});

test('bytes that are not UTF-8 are refused alike', async () => {
  const length = 15;
  const head = (more: string) =>
    `POST ${ONE} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${world.sdkKey}\r\nContent-Type: application/json\r\n${more}Content-Length: ${length}\r\nConnection: close\r\n\r\n`;
  const body = Buffer.concat([Buffer.from('{"context":{"'), Buffer.from([0xff, 0xfe])]);
  assert.equal(body.length, length);
  for (const more of ['', 'Last-Event-ID: 1\r\n']) {
    const answer = await exchange(world.port, Buffer.concat([Buffer.from(head(more)), body]));
    assert.match(answer, /^HTTP\/1\.1 400 /);
    assert.match(answer, /not valid UTF-8/);
  }
});

test('a revoked key is refused at the very next request', async () => {
  const body = { name: 'short-lived', kind: 'sdk', environment: 'production' };
  const issued = await world.call('POST', '/api/v1/tokens', { token: world.adminToken, body });
  const ask = () => world.call('POST', ONE, { token: String(issued.json.secret), body: { context: {} } });
  assert.equal((await ask()).status, 200);
  const revoked = await world.call('DELETE', `/api/v1/tokens/${String(issued.json.key)}`, { token: world.adminToken });
  assert.equal(revoked.status, 204, revoked.text);
  assert.equal((await ask()).status, 401);
});

test('requests sent one behind the other on a connection are answered in their order', async () => {
  const body = JSON.stringify({ context: { country: 'DE' } });
  const one = (more: string) =>
    `POST ${ONE} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${world.sdkKey}\r\nContent-Type: application/json\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`;
  const answer = await exchange(world.port, one('') + one('Last-Event-ID: 1\r\n') + one('Connection: close\r\n'));
  assert.equal(answer.match(/HTTP\/1\.1 200 OK/g)?.length, 3);
});

test('only a head that leaves nothing open is taken', () => {
  const head = [
    'Host',
    'x',
    'Authorization',
    'Bearer secret',
    'Content-Type',
    'application/json',
    'Content-Length',
    '2',
  ];
  const asked = (more: { method?: string; url?: string; httpVersion?: string; rawHeaders?: string[] } = {}) =>
    askedBy({ method: 'POST', url: ONE, httpVersion: '1.1', rawHeaders: head, ...more } as Parameters<
      typeof askedBy
    >[0]);
  assert.deepEqual(asked(), {
    ...{ route: 'evaluateFlag', method: 'POST', path: ONE, key: 'fast', secret: 'secret' },
    ...{ bodyBytes: 2, ifNoneMatch: undefined, acceptEncoding: undefined },
  });
  assert.equal(asked({ url: ALL })?.route, 'evaluateFlags');
  for (const url of [`${ONE}?x=1`, `${ONE}/`, '/api/v1/feature-flags/Fast/evaluate', `${ALL}/`, '/api/v1/rollouts']) {
    assert.equal(asked({ url }), undefined, url);
  }
  const fromPage = [...head, 'Origin', 'http://x'];
  assert.equal(asked({ rawHeaders: fromPage })?.route, 'evaluateFlag');
  for (const url of [OFREP_ALL, `${OFREP_ALL}/fast`]) {
    assert.notEqual(asked({ url }), undefined, url);
    assert.equal(asked({ url, rawHeaders: fromPage }), undefined, `${url} of a page`);
  }
  assert.equal(asked({ method: 'GET' }), undefined);
  assert.equal(asked({ httpVersion: '1.0' }), undefined);
  for (const name of ['Host', 'Authorization', 'Content-Type', 'Content-Length']) {
    const at = head.indexOf(name);
    assert.equal(asked({ rawHeaders: head.toSpliced(at, 2) }), undefined, `without ${name}`);
    assert.equal(asked({ rawHeaders: [...head, ...head.slice(at, at + 2)] }), undefined, `${name} twice`);
  }
  for (const [name, value] of [
    ['Content-Encoding', 'gzip'],
    ['Transfer-Encoding', 'chunked'],
    ['Idempotency-Key', ''],
    ['If-Match', '*'],
    ['Expect', '100-continue'],
  ] as const) {
    assert.equal(asked({ rawHeaders: [...head, name, value] }), undefined, name);
  }
  const replaced = (name: string, value: string) => head.with(head.indexOf(name) + 1, value);
  assert.equal(asked({ rawHeaders: replaced('Content-Length', '0') }), undefined);
  assert.equal(asked({ rawHeaders: replaced('Content-Length', String(MAX_FAST_BODY_BYTES + 1)) }), undefined);
  assert.equal(asked({ rawHeaders: replaced('Content-Type', 'application/json; charset=latin1') }), undefined);
  assert.equal(asked({ rawHeaders: replaced('Authorization', 'Basic secret') }), undefined);
});
