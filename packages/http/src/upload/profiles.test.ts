import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createWorld, type World } from '../testing/world.ts';

let world: World;
before(async () => {
  world = await createWorld();
});
after(() => world.close());

function upload(raw: string, type = 'application/x-ndjson') {
  const headers = { 'content-type': type, 'content-length': String(Buffer.byteLength(raw)) };
  return world.call('POST', '/api/v1/profiles', { token: world.adminToken, raw, headers });
}

test('S9: profiles are uploaded a line each, found, read by any key, replaced and deleted', async () => {
  const token = world.adminToken;
  const lines = ['a', 'b/c', 'ключ 🙂'].map((key) => JSON.stringify({ key, attributes: { n: 1 } }));
  assert.deepEqual((await upload(`${lines.join('\n')}\n\n`)).json, { stored: 3 });
  for (const key of ['b/c', 'ключ 🙂']) {
    const path = `/api/v1/profiles/${encodeURIComponent(key)}`;
    assert.deepEqual((await world.call('GET', path, { token })).json.attributes, { n: 1 });
    const put = await world.call('PUT', path, { token, body: { attributes: { n: 2 } } });
    assert.deepEqual([put.status, put.json.attributes], [200, { n: 2 }]);
    assert.equal((await world.call('DELETE', path, { token })).status, 204);
    assert.equal((await world.call('GET', path, { token })).problem.code, 'not_found');
  }
  const listed = await world.call('GET', '/api/v1/profiles?search=a&limit=1', { token });
  assert.equal((listed.json.items as readonly unknown[]).length, 1);
});

test('S9: a line that is no profile is named', async () => {
  const good = '{"key":"u","attributes":{}}\n';
  const broken: readonly (readonly [string, RegExp])[] = [
    [`${good}{"key":\n`, /Line 2 is not JSON/],
    [`${good}{"key":"v"}\n`, /Line 2 is no profile: \/attributes: /],
    [`${good}{"key":"v","attributes":{},"more":1}\n`, /Line 2 is no profile: /],
    [`{"key":"v","attributes":{"targetingKey":"w"}}\n`, /Line 1 is no profile: .*leave it out/],
    [`{"key":"v","attributes":{"n":"${'x'.repeat(70_000)}"}}\n`, /Line 1 is longer than 65536/],
  ];
  for (const [raw, says] of broken) {
    const { status, problem } = await upload(raw);
    assert.equal(status, 400, raw.slice(0, 60));
    assert.match(problem.detail, says);
  }
  assert.equal((await upload('key\nu\n', 'text/csv')).problem.code, 'unsupported_media_type');
});

test('S6, S7: sizes, overlaps and memberships are asked for over the API', async () => {
  const token = world.adminToken;
  const lines = Array.from({ length: 100 }, (_, n) => JSON.stringify({ key: `n${n}`, attributes: { n } }));
  await upload(lines.join('\n'));
  const below = (key: string, limit: number) => ({
    key,
    when: { attribute: 'n', operator: 'less_than', values: [limit] },
  });
  for (const segment of [below('low', 10), below('half', 50)]) {
    assert.equal((await world.call('POST', '/api/v1/segments', { token, body: segment })).status, 201);
  }
  const low = (await world.call('GET', '/api/v1/segments/low/estimate', { token })).json;
  assert.deepEqual([low.exact, low.members], [true, 11]);
  const draft = await world.call('POST', '/api/v1/segments/estimate', { token, body: { segment: below('draft', 20) } });
  assert.equal(draft.json.members, 21);
  const overlap = await world.call('GET', '/api/v1/segments/overlap?segments=low,half', { token });
  assert.deepEqual((overlap.json.pairs as readonly { count: number }[])[0]?.count, 11);
  const refused = await world.call('GET', '/api/v1/segments/overlap?segments=low', { token });
  assert.equal(refused.problem.errors?.[0]?.field, '?segments');
  assert.deepEqual((await world.call('GET', '/api/v1/segments/low/membership', { token })).status, 200);
});

test('S9: profiles are searched by query and by condition, and a cursor goes on after the last that was looked at', async () => {
  const token = world.adminToken;
  const plans = ['pro', 'free', 'pro', 'pro'];
  const lines = plans.map((plan, n) => JSON.stringify({ key: `s${n}`, attributes: { plan, in: { land: 'DE' }, n } }));
  await upload(lines.join('\n'));
  const keysOf = ({ json }: { json: Record<string, unknown> }) =>
    (json.items as readonly { key: string }[]).map(({ key }) => key);
  const query = 'search=s&limit=2&attributes=plan%3Dpro,in-%3Eland%3DDE';
  const first = await world.call('GET', `/api/v1/profiles?${query}`, { token });
  assert.deepEqual([keysOf(first), first.json.next], [['s0', 's2'], 's2']);
  assert.equal((first.json.searched as { looked_at: number }).looked_at, 3);
  const rest = await world.call('GET', `/api/v1/profiles?${query}&cursor=s2`, { token });
  assert.deepEqual([keysOf(rest), rest.json.next], [['s3'], undefined]);
  const search = (body: object) => world.call('POST', '/api/v1/profiles/search', { token, body });
  const when = { attribute: 'n', operator: 'greater_than', values: [1] };
  assert.deepEqual(keysOf(await search({ search: 's', attributes: ['plan=pro'], when })), ['s2', 's3']);
  assert.deepEqual(keysOf(await search({ search: 's', attributes: ['n=1'] })), ['s1']);
  assert.equal((await search({ when: { attribute: 'n', operator: 'gone', values: [] } })).status, 422);
  assert.equal((await search({ segments: ['gone'] })).problem.errors?.[0]?.field, '/segments/0');
  assert.equal((await search({ limit: 101 })).status, 422);
  const unknown = await world.call('GET', '/api/v1/profiles?segments=gone', { token });
  assert.equal(unknown.status, 422, unknown.text);
});
