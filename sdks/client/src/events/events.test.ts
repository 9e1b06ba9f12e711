import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import { createClient } from '../client.ts';
import { SDK_KEY, snapshotOf } from '../testing/sdk-server.ts';
import { testPlatform } from '../testing/test-platform.ts';
import { exposureEvent, type SentEvent, trackedEvent } from './event.ts';
import { Exposures, MAX_REMEMBERED, WINDOW_MS } from './exposures.ts';
import { BATCH, BATCH_MS, createEventQueue, type EventQueue, MAX_WAITING } from './queue.ts';

const PATIENCE_MS = 5_000;
/** What a server that has too much asks for. */
const PATIENCE_ASKED_MS = 60_000;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Intake {
  readonly url: string;
  readonly batches: SentEvent[][];
  status: number;
  retryAfter: string | undefined;
  /** Takes the batch in and closes the connection instead of answering. */
  loses: boolean;
  refused: readonly object[];
}

/** An intake that does as a test says; what it takes is told by id, as the server does. */
async function intake(): Promise<Intake> {
  const server: Server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    request.on('end', () => {
      assert.equal(request.headers.authorization, `Bearer ${SDK_KEY}`);
      assert.equal(request.url, '/api/v1/events');
      state.batches.push(JSON.parse(text).events);
      if (state.loses) return response.destroy();
      const headers = state.retryAfter === undefined ? {} : { 'retry-after': state.retryAfter };
      return response.writeHead(state.status, headers).end(JSON.stringify({ accepted: 0, refused: state.refused }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const state: Intake = {
    ...{ url: `http://127.0.0.1:${port}`, batches: [], status: 200, retryAfter: undefined, loses: false, refused: [] },
  };
  return state;
}

/** In a hurry to send, and not to have an answer. */
function queueTo({ url }: Intake, hurry = 1): EventQueue {
  const hurries = (delayMs: number) => delayMs === BATCH_MS || delayMs === PATIENCE_ASKED_MS;
  const queue = createEventQueue({ url, key: SDK_KEY }, testPlatform({ hurry, hurries }));
  ends.push(() => queue.stop());
  return queue;
}

const source = { now: Date.now, random: Math.random };
function event(name: string): SentEvent {
  return trackedEvent(source, name, { targetingKey: 'ana' }) ?? assert.fail();
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!holds()) {
    assert.ok(Date.now() < deadline, `still not so: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('T2: what is tracked leaves in batches, after a while or when there are enough, and at the end', async () => {
  const server = await intake();
  const queue = queueTo(server, 50);
  queue.add(event('one'));
  assert.equal(server.batches.length, 0);
  await until('a batch leaves by itself', () => server.batches.length === 1);
  for (let index = 0; index < BATCH; index += 1) queue.add(event(`n${index}`));
  await until('a full batch leaves', () => server.batches.length === 2);
  queue.add(event('last'));
  await queue.stop();
  assert.deepEqual(
    server.batches.map((batch) => batch.length),
    [1, BATCH, 1],
  );
  assert.equal(queue.dropped, 0);
});

test('T2: what was taken in without an answer is sent again with the same ids', async () => {
  const server = await intake();
  server.loses = true;
  const queue = queueTo(server, 100);
  queue.add(event('one'));
  await until('it is tried', () => server.batches.length >= 1);
  server.loses = false;
  const tried = server.batches.length;
  await until('it is sent again', () => server.batches.length > tried);
  assert.equal(new Set(server.batches.flat().map(({ id }) => id)).size, 1);
  await queue.stop();
  assert.equal(queue.dropped, 0);
});

test('a server that has too much is left alone for as long as it says', async () => {
  const server = await intake();
  server.status = 429;
  server.retryAfter = String(PATIENCE_ASKED_MS / 1_000);
  const queue = queueTo(server, 100);
  queue.add(event('one'));
  const started = Date.now();
  await until('it is tried', () => server.batches.length === 1);
  for (let index = 0; index < BATCH; index += 1) queue.add(event(`n${index}`));
  await queue.flush();
  assert.equal(server.batches.length, 1);
  server.status = 200;
  await until('it is sent again', () => server.batches.flat().length >= BATCH + 2);
  assert.ok(Date.now() - started >= 590, 'sixty seconds, a hundred times faster');
  assert.equal(queue.dropped, 0);
});

test('memory is bounded: the oldest are dropped and counted; so is what the server refuses', async () => {
  const server = await intake();
  server.status = 503;
  const queue = queueTo(server);
  for (let index = 0; index < MAX_WAITING + 7; index += 1) queue.add(event(`n${index}`));
  assert.equal(queue.dropped, 7);
  await queue.stop();
  assert.equal(queue.dropped, MAX_WAITING + 7);
  queue.add(event('too late'));
  assert.equal(queue.dropped, MAX_WAITING + 8);
  server.status = 403;
  const denied = queueTo(server);
  denied.add(event('one'));
  await denied.flush();
  assert.equal(denied.dropped, 1);
  server.status = 200;
  server.refused = [{ index: 0, errors: [] }];
  denied.add(event('crooked'));
  await denied.flush();
  assert.equal(denied.dropped, 2);
});

test('a server that takes every batch and answers none keeps nobody who stops waiting', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const { port } = silent.address() as AddressInfo;
  const queue = createEventQueue({ url: `http://127.0.0.1:${port}`, key: SDK_KEY }, testPlatform({ hurry: 10 }));
  for (let index = 0; index < MAX_WAITING; index += 1) queue.add(event(`n${index}`));
  const started = performance.now();
  await queue.stop();
  assert.ok(performance.now() - started < 2_000, `stopping took ${performance.now() - started} ms, and ten times that`);
  assert.equal(queue.dropped, MAX_WAITING);
});

test('P3: a client tracks, and tells of each user, flag and variant once when exposures are wanted', async () => {
  const server = await intake();
  const options = { url: server.url, sdkKey: SDK_KEY, bootstrap: snapshotOf(1, true), summaries: false };
  const client = createClient({ ...options, exposures: true }, testPlatform());
  for (const targetingKey of ['ana', 'bob', 'ana']) client.boolean('checkout', { targetingKey }, false);
  client.boolean('checkout', {}, false);
  client.boolean('gone', { targetingKey: 'ana' }, false);
  client.track('bought', { targetingKey: 'ana', email: 'is not sent' }, { value: 12.5, plan: 'pro' });
  client.track('', { targetingKey: 'ana' });
  client.recordMetric('checkout_ms', 87.5, { targetingKey: 'bob' }, { route: '/pay' });
  client.recordMetric('queue_length', 3);
  client.recordMetric('nonsense', Number.NaN);
  client.recordError('CardDeclined', { targetingKey: 'ana' }, { code: 51 });
  await client.close();
  const sent = server.batches.flat().map(({ id, at, ...rest }) => rest);
  assert.deepEqual(sent, [
    { type: 'flag_evaluated', context: { user: 'ana' }, flag: 'checkout', variant: 'on', configuration: 1 },
    { type: 'flag_evaluated', context: { user: 'bob' }, flag: 'checkout', variant: 'on', configuration: 1 },
    { type: 'user_action', context: { user: 'ana' }, name: 'bought', value: 12.5, details: { plan: 'pro' } },
    { type: 'metric_recorded', context: { user: 'bob' }, name: 'checkout_ms', value: 87.5, details: { route: '/pay' } },
    { type: 'metric_recorded', context: {}, name: 'queue_length', value: 3 },
    { type: 'error_occurred', context: { user: 'ana' }, name: 'CardDeclined', details: { code: 51 } },
  ]);
  const silent = createClient(options, testPlatform());
  silent.boolean('checkout', { targetingKey: 'ana' }, false);
  await silent.close();
  assert.equal(server.batches.length, 1);
});

test('an exposure is new again in the next window, and when too many are remembered', () => {
  const exposures = new Exposures();
  assert.deepEqual(
    [0, 1, WINDOW_MS, WINDOW_MS + 2].map((now) => exposures.isNew('ana', 'f', 'on', now)),
    [true, false, false, true],
  );
  assert.equal(exposures.isNew('ana', 'f', null, WINDOW_MS + 3), true);
  for (let user = 0; user < MAX_REMEMBERED; user += 1) exposures.isNew(`u${user}`, 'f', 'on', WINDOW_MS + 3);
  assert.equal(exposures.isNew('ana', 'f', 'on', WINDOW_MS + 4), true);
});

test('whatever an application hands over, tracking does not throw', () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const event = trackedEvent(source, 'n', undefined, { value: Number.NaN, circular, big: 1n });
  assert.deepEqual([event?.value, event?.details, event?.context], [undefined, undefined, {}]);
  assert.equal(trackedEvent(source, 'x'.repeat(201), {}), undefined);
  const ids = Array.from(
    { length: 1_000 },
    () => exposureEvent(source, { flag: 'f', variant: null, configuration: 1 }, {}).id,
  );
  assert.equal(new Set(ids).size, 1_000);
  assert.ok(ids.every((id) => /^[A-Za-z0-9_-]{8,64}$/.test(id)));
});
