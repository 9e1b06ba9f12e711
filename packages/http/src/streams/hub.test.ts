import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { createWorld, type World } from '../testing/world.ts';
import { streamEvent } from './event.ts';

let world: World;
before(async () => {
  world = await createWorld({ heartbeatMs: 100 });
});
after(() => world.close());

interface Reader {
  readonly response: IncomingMessage;
  readonly events: { readonly id: number; readonly event: string; readonly data: Readonly<Record<string, unknown>> }[];
  readonly comments: string[];
  readonly ended: Promise<unknown>;
  until(count: number): Promise<void>;
  close(): void;
}

async function read(path: string, token: string, lastEventId?: number): Promise<Reader> {
  const request = get({
    host: '127.0.0.1',
    port: world.port,
    path,
    agent: false,
    headers: {
      authorization: `Bearer ${token}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }),
    },
  });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const events: Reader['events'] = [];
  const comments: string[] = [];
  const parser = createParser({
    onEvent: ({ id, event, data }) =>
      events.push({ id: Number(id), event: event ?? '', data: JSON.parse(data) as Record<string, unknown> }),
    onComment: (comment) => comments.push(comment),
  });
  response.on('data', (chunk: Buffer) => parser.feed(chunk.toString('utf8')));
  response.on('error', () => undefined);
  return {
    response,
    events,
    comments,
    ended: new Promise((resolve) => void response.once('close', resolve)),
    async until(count) {
      for (let tries = 0; events.length < count; tries += 1) {
        assert.ok(tries < 300, `${events.length} of ${count} events arrived`);
        await wait(10);
      }
    },
    close: () => request.destroy(),
  };
}

async function createFlag(key: string, percentage = 10): Promise<void> {
  const answer = await world.call('POST', '/api/v1/feature-flags?reason=test', {
    token: world.adminToken,
    body: { key, type: 'boolean', environments: { production: { enabled: true, percentage } } },
  });
  assert.equal(answer.status, 201, answer.text);
}

test('who follows is counted by environment, applications and pages apart, until they leave', async () => {
  const connected = async () =>
    (await world.call('GET', '/api/v1/connections', { token: world.adminToken })).json.environments;
  assert.deepEqual(await connected(), {});
  const application = await read('/api/v1/sdk/stream', world.sdkKey);
  const access = await read('/api/v1/sdk/client-access/stream', world.sdkKey);
  const person = await read('/api/v1/events', world.adminToken);
  const page = await read('/ofrep/v1/events', world.clientKey);
  assert.deepEqual(await connected(), { production: { applications: 2, pages: 1 } });
  for (const reader of [application, access, person, page]) reader.close();
  for (let tries = 0; Object.keys((await connected()) ?? {}).length > 0; tries += 1) {
    assert.ok(tries < 300, 'who left is still counted');
    await wait(10);
  }
  assert.equal((await world.call('GET', '/api/v1/connections', { token: world.sdkKey })).status, 403);
});

test('a new reader gets the snapshot, then each change once, and comes back where it left', async () => {
  const first = await read('/api/v1/sdk/stream', world.sdkKey);
  assert.equal(first.response.statusCode, 200);
  assert.equal(first.response.headers['content-type'], 'text/event-stream; charset=utf-8');
  assert.equal(first.response.headers['cache-control'], 'no-store, no-transform');
  assert.equal(first.response.headers['x-accel-buffering'], 'no');
  await first.until(1);
  assert.equal(first.events[0]?.event, 'snapshot');
  await createFlag('stream-a');
  await first.until(2);
  assert.equal(first.events[1]?.event, 'delta');
  assert.match(JSON.stringify(first.events[1]?.data), /stream-a/);
  const seen = first.events[1]?.id;
  first.close();

  await createFlag('stream-b');
  await createFlag('stream-c');
  const second = await read('/api/v1/sdk/stream', world.sdkKey, seen);
  await second.until(2);
  await wait(50);
  const ending = second.events.pop();
  assert.deepEqual([ending?.event, ending?.data.number], ['current', second.events.at(-1)?.id]);
  const ids = second.events.map(({ id }) => id);
  assert.deepEqual(
    ids,
    [...new Set(ids)].sort((a, b) => a - b),
    'in order, each once',
  );
  assert.ok(second.events.every(({ id, event }) => event === 'snapshot' || id > Number(seen)));
  const names = JSON.stringify(second.events.map(({ data }) => data.flags));
  assert.ok(names.includes('stream-b') && names.includes('stream-c'));
  second.close();
});

test('the change log can be followed the same way', async () => {
  const reader = await read('/api/v1/events', world.adminToken, 0);
  await reader.until(3);
  assert.deepEqual(
    reader.events.slice(0, 3).map(({ id, event }) => [id, event]),
    [
      [1, 'change'],
      [2, 'change'],
      [3, 'change'],
    ],
  );
  reader.close();
});

test('a comment is sent at every heartbeat', async () => {
  const reader = await read('/api/v1/sdk/stream', world.sdkKey);
  for (let tries = 0; reader.comments.length < 2; tries += 1) {
    assert.ok(tries < 200, 'no heartbeat came');
    await wait(10);
  }
  reader.close();
});

test('a position that is none is refused before the stream begins', async () => {
  for (const bad of ['x', '-1', '1.5', '99999999999999999999']) {
    const answer = await world.call('GET', '/api/v1/sdk/stream', {
      token: world.sdkKey,
      headers: { 'last-event-id': bad },
    });
    assert.equal(answer.status, 400, bad);
    assert.equal(answer.problem.errors?.[0]?.field, 'Last-Event-ID');
  }
});

test('a revoked key ends the streams that were opened with it, and no others', async () => {
  const issued = await world.call('POST', '/api/v1/tokens', {
    token: world.adminToken,
    body: { name: 'leaving', kind: 'sdk', environment: 'production' },
  });
  const leaving = await read('/api/v1/sdk/stream', String(issued.json.secret));
  const staying = await read('/api/v1/sdk/stream', world.sdkKey);
  await staying.until(1);
  const key = encodeURIComponent(String(issued.json.key));
  await world.call('DELETE', `/api/v1/tokens/${key}`, { token: world.adminToken });
  await leaving.ended;
  assert.equal(staying.response.closed, false);
  staying.close();
});

test('a reader that stops reading is cut off instead of filling the memory', async () => {
  const socket = connect(world.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(`GET /api/v1/sdk/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${world.sdkKey}\r\n\r\n`);
  await once(socket, 'readable');
  socket.pause();
  const before = world.server.streams.size;
  assert.ok(before >= 1);
  // Large values fill the socket's buffers; the heartbeat or the bound then ends it.
  const value = 'x'.repeat(60_000);
  for (let version = 0; version < 60 && world.server.streams.size >= before; version += 1) {
    const answer = await world.call('POST', '/api/v1/feature-flags?reason=test', {
      token: world.adminToken,
      body: {
        key: `large-${version}`,
        type: 'string',
        variants: [...Array.from({ length: 8 }, (_, n) => ({ name: `on-${n}`, value })), { name: 'off', value: '' }],
        environments: { production: { enabled: true, fallthrough: { variant: 'on-0' }, off_variant: 'off' } },
      },
    });
    assert.equal(answer.status, 201, answer.text);
    await wait(20);
  }
  for (let tries = 0; world.server.streams.size >= before; tries += 1) {
    assert.ok(tries < 200, 'the reader was not cut');
    await wait(20);
  }
  socket.destroy();
});

test('a snapshot larger than the bound reaches a slow reader, though changes come meanwhile', async (t) => {
  const own = await createWorld();
  t.after(() => own.close());
  const value = 'x'.repeat(60_000);
  const variants = [...Array.from({ length: 15 }, (_, n) => ({ name: `on-${n}`, value })), { name: 'off', value: '' }];
  const create = (key: string, more: object) =>
    own.call('POST', '/api/v1/feature-flags', { token: own.adminToken, body: { key, ...more } });
  for (let n = 0; n < 16; n += 1) assert.equal((await create(`large-${n}`, { type: 'string', variants })).status, 201);
  const socket = connect(own.port, '127.0.0.1');
  t.after(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(`GET /api/v1/sdk/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${own.sdkKey}\r\n\r\n`);
  await once(socket, 'readable');
  for (let n = 0; n < 5; n += 1) await create(`small-${n}`, {});
  assert.equal(own.server.streams.size, 1);
  let tail = '';
  socket.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString('latin1')).slice(-2_000);
  });
  for (let tries = 0; !tail.includes('small-4'); tries += 1) {
    assert.ok(tries < 300, 'the changes did not arrive');
    await wait(20);
  }
});

test('the bytes of an event are made once for all readers', () => {
  const event = {};
  let made = 0;
  const make = () => {
    made += 1;
    return { id: 1, event: 'delta', data: '{}' };
  };
  assert.equal(streamEvent(event, make).sse, streamEvent(event, make).sse);
  assert.equal(made, 1);
  assert.equal(streamEvent(event, make).sse.toString(), 'id: 1\nevent: delta\ndata: {}\n\n');
});

test('stopping the server ends its streams at once', async () => {
  const own = await createWorld();
  const request = get({
    host: '127.0.0.1',
    port: own.port,
    path: '/api/v1/sdk/stream',
    headers: { authorization: `Bearer ${own.sdkKey}` },
  });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  const started = performance.now();
  await Promise.all([once(response, 'end'), own.close()]);
  assert.ok(performance.now() - started < 2_000);
});
