import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { applyDelta, parseDelta, type Snapshot } from '@spillway/evaluator';
import { createWorld, type World } from '../testing/world.ts';

/** As many as a list may hold, but one. */
const MEMBERS = 999_999;
const SEGMENT = 'customers';
const PATIENCE_MS = 20_000;

let world: World;

before(async () => {
  world = await createWorld();
  const body = { key: SEGMENT, type: 'list' };
  const made = await world.call('POST', '/api/v1/segments', { token: world.adminToken, body });
  assert.equal(made.status, 201, made.text);
  const ids = Array.from({ length: MEMBERS }, (_, index) => `user-${index}`).join('\n');
  assert.deepEqual(await upload(`id\n${ids}\n`), { version: 2, count: MEMBERS, added: MEMBERS, removed: 0 });
});
after(() => world.close());

async function upload(table: string, mode = 'add') {
  const answer = await world.call('POST', `/api/v1/segments/${SEGMENT}/members?mode=${mode}`, {
    token: world.adminToken,
    raw: table,
    headers: { 'content-type': 'text/csv', 'content-length': String(Buffer.byteLength(table)) },
  });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

async function fresh(): Promise<Snapshot> {
  const answer = await world.call('GET', '/api/v1/sdk/snapshot', { token: world.sdkKey });
  assert.equal(answer.status, 200);
  return JSON.parse(answer.text);
}

/** What a stream that goes on from `since` is sent, as it comes off the socket. */
async function follow(since: number) {
  const chunks: string[] = [];
  const stream = request({
    ...{ host: '127.0.0.1', port: world.port, path: '/api/v1/sdk/stream' },
    headers: { authorization: `Bearer ${world.sdkKey}`, 'last-event-id': String(since) },
  }).end();
  await new Promise<void>((resolve, reject) => {
    stream.once('error', reject).once('response', (response) => {
      response.setEncoding('latin1').on('data', (chunk: string) => chunks.push(chunk));
      resolve();
    });
  });
  const events = () =>
    [...chunks.join('').matchAll(/^event: (\w+)\ndata: (.*)\n\n/gm)]
      .map(([text, name, data = '']) => ({ name, text, data }))
      .filter(({ name }) => name !== 'current');
  const received = async (count: number) => {
    const deadline = performance.now() + PATIENCE_MS;
    while (events().length < count) {
      assert.ok(performance.now() < deadline, `${events().length} of ${count} events came`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return events();
  };
  return { received, close: () => stream.destroy() };
}

function apply(base: Snapshot, data: string): Snapshot | undefined {
  const parsed = parseDelta(JSON.parse(data));
  assert.ok(parsed.ok, JSON.stringify(parsed).slice(0, 200));
  return applyDelta(base, parsed.delta);
}

test('S1: one member more of a million is sent in less than 2 kB, and makes what a fresh snapshot has', async (t) => {
  const base = await fresh();
  const stream = await follow(base.number);
  t.after(() => stream.close());
  await upload('id\nuser-new\n');
  await upload('id\nuser-17\n', 'remove');
  const events = await stream.received(2);
  for (const { name, text } of events) {
    assert.equal(name, 'delta');
    assert.ok(text.length < 2_000, `${text.length} bytes`);
  }
  const [one, other] = events.map(({ data }) => data);
  const after = apply(base, one ?? '');
  assert.ok(after);
  assert.equal(apply(base, other ?? ''), undefined, 'the second does not fit what the first was made for');
  assert.equal(apply(after, one ?? ''), undefined, 'nor does one twice');
  assert.deepEqual(apply(after, other ?? ''), await fresh());
});

test('S1: whoever comes back after changes of a list is sent those alone', async (t) => {
  const base = await fresh();
  await upload('id\nuser-18\n', 'remove');
  const stream = await follow(base.number);
  t.after(() => stream.close());
  const [event] = await stream.received(1);
  assert.ok((event?.text.length ?? Number.NaN) < 2_000);
  assert.deepEqual(apply(base, event?.data ?? ''), await fresh());
});

test('S1: a list that is replaced by another is sent whole', async (t) => {
  const base = await fresh();
  const stream = await follow(base.number);
  t.after(() => stream.close());
  await upload(`id\n${Array.from({ length: 100 }, (_, index) => `other-${index}`).join('\n')}\n`, 'replace');
  const [event] = await stream.received(1);
  assert.ok(event?.data.includes('"fingerprints"'));
  assert.deepEqual(apply(base, event?.data ?? ''), await fresh());
});
