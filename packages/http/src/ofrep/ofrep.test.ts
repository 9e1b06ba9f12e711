import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ADMIN_TOKEN, createWorld, type World } from '../testing/world.ts';

let world: World;
const ONE = '/ofrep/v1/evaluate/flags';

before(async () => {
  world = await createWorld();
  const flag = (body: object) => world.call('POST', '/api/v1/feature-flags?reason=test', { token: ADMIN_TOKEN, body });
  await flag({ key: 'checkout', environments: { production: { enabled: true } } });
  await flag({
    key: 'colour',
    type: 'string',
    variants: [
      { name: 'red', value: '#f00' },
      { name: 'blue', value: '#00f' },
    ],
    environments: {
      production: {
        enabled: true,
        fallthrough: {
          split: [
            { variant: 'red', percentage: 50 },
            { variant: 'blue', percentage: 50 },
          ],
        },
      },
    },
  });
});
after(() => world.close());

const ask = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  world.call('POST', path, { token: world.sdkKey, body, headers });

test('one flag: value, variant, reason and the numbered configuration, as OFREP names them', async () => {
  const answer = await ask(`${ONE}/checkout`, { context: { targetingKey: 'ana' } });
  assert.equal(answer.status, 200);
  const { metadata, ...rest } = answer.json;
  assert.deepEqual(rest, { key: 'checkout', value: true, reason: 'STATIC', variant: 'on' });
  assert.equal(typeof (metadata as { configuration: unknown }).configuration, 'number');
});

test('without a context, with fields of a later version, and with the parameters of a told change', async () => {
  assert.equal((await ask(`${ONE}/checkout`, {})).status, 200);
  assert.equal((await ask(`${ONE}/checkout`, { context: {}, later: 1 })).status, 200);
  assert.equal((await ask(`${ONE}?flagConfigEtag=%22x%22&flagConfigLastModified=1&more=2`, {})).status, 200);
});

test('an unknown flag is 404 FLAG_NOT_FOUND, whatever its key looks like', async () => {
  for (const key of ['nope', 'Not%20A%20Key', '%F0%9F%98%80']) {
    const answer = await ask(`${ONE}/${key}`, { context: { targetingKey: 'ana' } });
    assert.equal(answer.status, 404);
    assert.equal(answer.json.key, decodeURIComponent(key));
    assert.equal(answer.json.errorCode, 'FLAG_NOT_FOUND');
  }
});

test('a split without a targeting key is 400 TARGETING_KEY_MISSING, and in bulk an entry among the others', async () => {
  const one = await ask(`${ONE}/colour`, { context: {} });
  assert.deepEqual([one.status, one.json.errorCode], [400, 'TARGETING_KEY_MISSING']);
  const bulk = await ask(ONE, { context: {} });
  assert.equal(bulk.status, 200);
  const flags = bulk.json.flags as readonly Record<string, unknown>[];
  assert.deepEqual(
    flags.map(({ key, errorCode, value }) => [key, errorCode ?? value]),
    [
      ['checkout', true],
      ['colour', 'TARGETING_KEY_MISSING'],
    ],
  );
});

test('bulk answers carry an ETag: 304 while nothing changed, a new one for another user and after a change', async () => {
  const body = { context: { targetingKey: 'ana' } };
  const first = await ask(ONE, body);
  const etag = String(first.headers.etag);
  assert.match(etag, /^W\/"[\w-]{43}"$/);
  const again = await ask(ONE, body, { 'if-none-match': etag });
  assert.deepEqual([again.status, again.text], [304, '']);
  const other = { context: { targetingKey: 'user-2' } };
  const changed = await world.call('PATCH', '/api/v1/feature-flags/checkout/environments/production?reason=test', {
    token: ADMIN_TOKEN,
    body: { enabled: false },
  });
  assert.equal(changed.status, 200);
  const after = await ask(ONE, body, { 'if-none-match': etag });
  assert.equal(after.status, 200);
  assert.notEqual(after.headers.etag, etag);
  assert.equal((await ask(ONE, other)).status, 200);
});

test('what cannot be read is refused in the form that providers read, naming the field', async () => {
  const malformed = await world.call('POST', ONE, { token: world.sdkKey, raw: '{"context":' });
  assert.deepEqual([malformed.status, malformed.json.errorCode], [400, 'PARSE_ERROR']);
  const wrong = await ask(`${ONE}/checkout`, { context: 'ana' });
  assert.deepEqual([wrong.status, wrong.json.key, wrong.json.errorCode], [400, 'checkout', 'INVALID_CONTEXT']);
  assert.match(String(wrong.json.errorDetails), /\/context/);
  const huge = await ask(ONE, { context: { targetingKey: 'a'.repeat(2_000_000) } });
  assert.equal(huge.status, 400);
  const text = await world.call('POST', ONE, {
    token: world.sdkKey,
    raw: '{}',
    headers: { 'content-type': 'text/plain' },
  });
  assert.equal(text.status, 400);
});

test('credentials: none and forged ones are 401, an admin token belongs to no environment', async () => {
  assert.equal((await world.call('POST', ONE, { body: {} })).status, 401);
  assert.equal((await world.call('POST', ONE, { token: 'forged', body: {} })).status, 401);
  assert.equal((await world.call('POST', ONE, { token: ADMIN_TOKEN, body: {} })).status, 403);
});
