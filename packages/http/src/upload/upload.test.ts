import assert from 'node:assert/strict';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { createHttpServer } from '../server.ts';
import { type Answer, createWorld, type World } from '../testing/world.ts';

let world: World;
before(async () => {
  world = await createWorld();
});
after(() => world.close());

let lists = 0;
async function newList(keys?: readonly string[]): Promise<string> {
  lists += 1;
  const key = `list-${lists}`;
  const body = { key, type: 'list', ...(keys === undefined ? {} : { members: { keys } }) };
  const made = await world.call('POST', '/api/v1/segments', { token: world.adminToken, body });
  assert.equal(made.status, 201, made.text);
  return key;
}

function upload(
  key: string,
  type: string,
  raw: string | Buffer,
  query = '',
  more: Record<string, string> = {},
): Promise<Answer> {
  const headers = { 'content-type': type, 'content-length': String(Buffer.byteLength(raw)), ...more };
  return world.call('POST', `/api/v1/segments/${key}/members${query}`, { token: world.adminToken, raw, headers });
}

async function listed(key: string, keys: readonly string[]): Promise<readonly string[]> {
  const answer = await world.call('POST', `/api/v1/segments/${key}/members/check`, {
    token: world.adminToken,
    body: { keys },
  });
  assert.equal(answer.status, 200, answer.text);
  const { items } = answer.json as unknown as { items: readonly { key: string; listed: boolean }[] };
  return items.filter((item) => item.listed).map((item) => item.key);
}

async function versionOf(key: string): Promise<unknown> {
  return (await world.call('GET', `/api/v1/segments/${key}`, { token: world.adminToken })).json.version;
}

test('S1: a table with a header, quotes, a byte order mark and either line end is imported', async () => {
  const key = await newList();
  const table =
    '\ufeffname,id\r\n"Ada, Countess",u1\r\n"a ""quoted"" name","u,2"\n\n"over\ntwo lines",u3\nGrace,ключ 🙂';
  const answer = await upload(key, 'text/csv; charset=utf-8', table);
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.json, { version: 2, count: 4, added: 4, removed: 0 });
  assert.deepEqual(await listed(key, ['u1', 'u,2', 'u3', 'ключ 🙂', 'name', 'id']), ['u1', 'u,2', 'u3', 'ключ 🙂']);
});

test('S1: lines of JSON are imported: text, whole numbers, or objects that hold one of them', async () => {
  const key = await newList(['before']);
  const lines = '"a"\n\n42\r\n{"id":"b","more":[1]}\n{"user_id":7}\n';
  const answer = await upload(key, 'application/x-ndjson', lines, '?mode=add&reason=more');
  assert.deepEqual(answer.json, { version: 2, count: 5, added: 4, removed: 0 });
  assert.deepEqual(await listed(key, ['before', 'a', '42', 'b', '7']), ['before', 'a', '42', 'b', '7']);
  const removed = await upload(key, 'application/x-ndjson', '"a"\n"never there"\n', '?mode=remove');
  assert.deepEqual(removed.json, { version: 3, count: 4, added: 0, removed: 1 });
  const same = await upload(key, 'application/x-ndjson', '"b"\n', '?mode=add');
  assert.deepEqual(same.json, { version: 3, count: 4, added: 0, removed: 0 });
  const replaced = await upload(key, 'text/csv', 'mail\nx@y.z\n', '?column=mail');
  assert.deepEqual(replaced.json, { version: 4, count: 1, added: 1, removed: 4 });
});

test('S1: a line that cannot be read is named, and nothing is changed', async () => {
  const key = await newList(['kept']);
  const csv = 'text/csv';
  const ndjson = 'application/x-ndjson';
  const broken: readonly (readonly [string, string | Buffer, number, RegExp, string?])[] = [
    [csv, 'id,name\nu1,a\nu2\n', 400, /Line 3 has 1 fields; the header has 2/],
    [csv, 'id\nu1\n"\n\nu2', 400, /Line 3 opens a quote/],
    [csv, 'id\n"u1"x\n', 400, /Line 2 goes on behind/],
    [csv, 'id\nu"1\n', 400, /Line 2 has a quote inside/],
    [csv, 'id,n\nu1,\n,x\n', 400, /Line 3 names a key that must not be empty/],
    [csv, `id\n${'x'.repeat(1_025)}\n`, 400, /Line 2 names a key that must be at most 1024/],
    [csv, `id\n${'x'.repeat(20_000)}\n`, 400, /Line 2 is longer than 16384/],
    [csv, `id\n"${'\n'.repeat(20_000)}"\n`, 400, /Line 2 opens a quote/],
    [csv, 'u1\nu2\n', 422, /must be a header with a column key, id, user_id, targetingKey.*"u1"/],
    [csv, 'id,id\n1,2\n', 422, /"id" twice/],
    [csv, 'id\n1\n', 422, /no column "mail"/, '?column=mail'],
    [csv, 'id\n', 422, /names no member/],
    [csv, Buffer.from([0x69, 0x64, 0x0a, 0xff, 0x0a]), 400, /not valid UTF-8/],
    [ndjson, '"u1"\n{"id":\n', 400, /Line 2 is not JSON/],
    [ndjson, '"u1"\n[1]\n', 400, /Line 2 must be text/],
    [ndjson, '{"id":1.5}\n', 400, /Line 1 must be text, a whole number, or .* as key, id, user_id, targetingKey/],
    [ndjson, '"\\ud800"\n', 400, /Line 1 names a key that must be well-formed/],
    [ndjson, '', 422, /names no member/],
  ];
  for (const [type, raw, status, says, query] of broken) {
    const answer = await upload(key, type, raw, query);
    assert.equal(answer.status, status, `${String(raw).slice(0, 40)}: ${answer.text}`);
    assert.match(answer.problem.detail, says);
  }
  assert.equal(await versionOf(key), 1);
  assert.deepEqual(await listed(key, ['kept', 'u1']), ['kept']);
});

test('an upload is refused without a change: no such segment, no list, a stale version, another type, too long', async () => {
  const key = await newList(['a']);
  const rule = { key: 'rule', when: { attribute: 'a', operator: 'exists', values: [] } };
  await world.call('POST', '/api/v1/segments', { token: world.adminToken, body: rule });
  const codes = [
    await upload('nowhere', 'text/csv', 'id\nu\n'),
    await upload('rule', 'text/csv', 'id\nu\n'),
    await upload(key, 'text/csv', 'id\nu\n', '', { 'if-match': '"9"' }),
    await upload(key, 'application/json', '{"id":"u"}'),
    await upload(key, 'text/csv', 'id\nu\n', '', { 'content-encoding': 'gzip' }),
    await upload(key, 'text/csv; charset=latin1', 'id\nu\n'),
    await upload(key, 'text/csv', 'id\nu\n', '?mode=merge'),
  ].map(({ problem }) => problem.code);
  const type = 'unsupported_media_type';
  assert.deepEqual(codes, ['not_found', 'conflict', 'stale', type, type, type, 'invalid']);
  const elsewhere = await world.call('POST', '/api/v1/segments', {
    ...{ token: world.adminToken, raw: 'id\nu\n' },
    headers: { 'content-type': 'text/csv', 'content-length': '5' },
  });
  assert.equal(elsewhere.problem.code, type);
  assert.equal(await versionOf(key), 1);
});

test('S1: a repeated upload with the same idempotency key is answered alike, another one with that key is refused', async () => {
  const key = await newList();
  const once = { 'idempotency-key': 'import-once' };
  const first = await upload(key, 'text/csv', 'id\nu1\nu2\n', '?mode=add', once);
  const again = await upload(key, 'text/csv', 'id\nu1\nu2\n', '?mode=add', once);
  assert.deepEqual([first.json, again.json.added], [{ version: 2, count: 2, added: 2, removed: 0 }, 2]);
  assert.equal((await upload(key, 'text/csv', 'id\nu3\n', '?mode=add', once)).problem.code, 'conflict');
});

test('S1: imports made at once are all kept, and each is one entry of the log with its numbers', async () => {
  const key = await newList();
  const answers = await Promise.all(
    ['a', 'b', 'c', 'd'].map((name) => upload(key, 'text/csv', `id\n${name}1\n${name}2\n`, '?mode=add')),
  );
  for (const answer of answers) assert.equal(answer.status, 200, answer.text);
  assert.equal((await listed(key, ['a1', 'b2', 'c1', 'd2'])).length, 4);
  const log = await world.call('GET', `/api/v1/audit?noun=segments&key=${key}`, { token: world.adminToken });
  const { items } = log.json as unknown as { items: readonly { action: string; because: unknown }[] };
  assert.equal(items[0]?.action, 'segment.members_imported');
  assert.deepEqual(items[0]?.because, { mode: 'add', rows: 2, added: 2, removed: 0, count: 8 });
  assert.equal(items.length, 5);
});

test('S1: a body larger than any other route takes is imported, in pieces of unknown length', async () => {
  const key = await newList();
  function* table() {
    yield 'id,note\n';
    for (let row = 0; row < 60_000; row += 1000) {
      yield Array.from({ length: 1_000 }, (_, index) => `user-${row + index},${'x'.repeat(40)}\n`).join('');
    }
  }
  const answer = await fetch(`${world.url}/api/v1/segments/${key}/members`, {
    ...{ method: 'POST', headers: { authorization: `Bearer ${world.adminToken}`, 'content-type': 'text/csv' } },
    ...({ body: Readable.toWeb(Readable.from(table())), duplex: 'half' } as RequestInit),
  });
  assert.deepEqual(await answer.json(), { version: 2, count: 60_000, added: 60_000, removed: 0 });
  const some = ['user-0', 'user-59999', 'user-60000'];
  assert.deepEqual(await listed(key, some), some.slice(0, 2));
  const answered = await world.control.evaluation.one(
    { principal: { kind: 'admin', project: 'default', name: 'ann', via: 'token' } },
    'nothing',
    { targetingKey: 'user-7' },
    { environment: 'production' },
  );
  assert.ok(answered.ok);
});

test('an upload whose sender goes away in the middle changes nothing and is no fault of the server', async () => {
  const key = await newList(['kept']);
  const errors: object[] = [];
  const log = { debug() {}, info() {}, warn() {}, error: (line: object) => void errors.push(line) };
  const { segments } = world.control;
  const ended = Promise.withResolvers<void>();
  const importMembers: typeof segments.importMembers = (...asked) =>
    segments.importMembers(...asked).finally(ended.resolve);
  const control = { ...world.control, segments: { ...segments, importMembers } };
  const server = createHttpServer({ control, log });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  try {
    const path = `/api/v1/segments/${key}/members`;
    const headers = {
      authorization: `Bearer ${world.adminToken}`,
      'content-type': 'text/csv',
      'content-length': 900_000,
    };
    const sending = request({ ...{ host: '127.0.0.1', port, method: 'POST', path }, headers }).on('error', () => {});
    sending.write('id\nu1\nu2\n', () => sending.destroy());
    await ended.promise;
    await fetch(`http://127.0.0.1:${port}/healthz`);
    assert.deepEqual(errors, []);
    assert.deepEqual(await listed(key, ['kept', 'u1']), ['kept']);
  } finally {
    await server.close();
  }
});
