import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { ADMIN_TOKEN, createWorld, type World } from '../testing/world.ts';

const ALL = '/ofrep/v1/evaluate/flags';
const SHOP = 'https://shop.example';
const PERIOD_MS = 5 * 60_000;

let world: World;
const logged: string[] = [];
before(async () => {
  const note = (line: object, message: string) => logged.push(JSON.stringify([line, message]));
  world = await createWorld({
    allowedOrigins: [SHOP],
    heartbeatMs: 50,
    log: { debug: note, info: note, warn: note, error: note },
  });
  for (const key of ['checkout', 'other']) {
    const body = { key, environments: { production: { enabled: false } } };
    await world.call('POST', '/api/v1/feature-flags?reason=test', { token: ADMIN_TOKEN, body });
  }
});
after(() => world.close());

async function turn(flag: string, enabled: boolean): Promise<void> {
  const path = `/api/v1/feature-flags/${flag}/environments/production?reason=test`;
  assert.equal((await world.call('PATCH', path, { token: ADMIN_TOKEN, body: { enabled } })).status, 200);
}

async function evaluate(token = world.clientKey, headers: Record<string, string> = {}, path = ALL) {
  const answer = await world.call('POST', path, { token, body: { context: { targetingKey: 'ana' } }, headers });
  const [stream] = (answer.json.eventStreams ?? []) as readonly {
    readonly type: string;
    readonly endpoint: { readonly requestUri: string };
    readonly inactivityDelaySec: number;
  }[];
  return { ...answer, stream, uri: stream?.endpoint.requestUri ?? '', etag: String(answer.headers.etag) };
}

async function issueKey(kind: 'sdk' | 'client') {
  const body = { name: 'short-lived', kind, environment: 'production' };
  const { json } = await world.call('POST', '/api/v1/tokens', { token: ADMIN_TOKEN, body });
  return { secret: String(json.secret), key: String(json.key) };
}

async function open(uri: string, headers: Record<string, string> = {}) {
  const abort = new AbortController();
  const response = await fetch(`${world.url}${uri}`, { headers, signal: abort.signal });
  const events: EventSourceMessage[] = [];
  let ended = false;
  const parser = createParser({ onEvent: (event) => events.push(event) });
  const read = async () => {
    for await (const part of response.body ?? []) parser.feed(new TextDecoder().decode(part));
  };
  void read()
    .catch(() => undefined)
    .finally(() => {
      ended = true;
    });
  const until = async (what: () => boolean) => {
    for (let tries = 0; !what(); tries += 1) {
      assert.ok(tries < 300, JSON.stringify(events));
      await wait(10);
    }
  };
  return {
    ...{ response, events, until },
    close: () => abort.abort(),
    ended: () => until(() => ended),
    get isOpen() {
      return !ended;
    },
  };
}

test('all flags come with a stream that says when to ask again, in OFREP’s words', async () => {
  for (const token of [world.clientKey, world.sdkKey]) {
    const { stream, uri, json } = await evaluate(token);
    assert.deepEqual(Object.keys(stream ?? {}), ['type', 'endpoint', 'inactivityDelaySec']);
    assert.equal(stream?.type, 'sse');
    assert.ok((stream?.inactivityDelaySec ?? 0) >= 1);
    assert.ok(!uri.includes(token), 'the key itself never is part of an address');
    const { configuration } = json.metadata as { readonly configuration: number };
    const opened = await open(uri);
    assert.equal(opened.response.status, 200);
    assert.match(opened.response.headers.get('content-type') ?? '', /^text\/event-stream/);
    await wait(60);
    assert.equal(opened.events.length, 0, 'nothing has changed yet');
    await turn('checkout', true);
    await opened.until(() => opened.events.length === 1);
    const event = opened.events.at(0);
    assert.equal(event?.event ?? 'message', 'message', 'what `onmessage` hears');
    const data = JSON.parse(event?.data ?? '');
    assert.deepEqual(Object.keys(data), ['type', 'etag']);
    assert.equal(data.type, 'refetchEvaluation');
    assert.ok(Number(event?.id) > configuration);
    const path = `${ALL}?flagConfigEtag=${encodeURIComponent(data.etag)}`;
    const again = await evaluate(token, {}, path);
    assert.equal((again.json.flags as readonly { readonly value: unknown }[])[0]?.value, true);
    opened.close();
    await turn('checkout', false);
  }
});

test('a change between evaluating and opening, or while the stream was broken, is told at once', async () => {
  const { uri } = await evaluate();
  await turn('checkout', true);
  const late = await open(uri);
  await late.until(() => late.events.length === 1);
  late.close();
  const [{ id = '' } = {}] = late.events;
  const current = await open(uri, { 'last-event-id': id });
  await turn('checkout', false);
  await current.until(() => current.events.length > 0);
  assert.equal(current.events.length, 1, 'only what came after the id');
  current.close();
  const missed = await open(uri, { 'last-event-id': id });
  await missed.until(() => missed.events.length === 1);
  missed.close();
});

test('a change of another flag tells, and asking again then is 304; a renewed ticket is not kept from anybody', async () => {
  await turn('checkout', true);
  const first = await evaluate();
  const { json } = await world.call('POST', '/api/v1/segments', {
    token: ADMIN_TOKEN,
    body: { key: 'unused', members: { keys: ['ana'] } },
  });
  assert.equal(json.key, 'unused');
  const unchanged = await evaluate(world.clientKey, { 'if-none-match': first.etag });
  assert.deepEqual([unchanged.status, unchanged.text], [304, '']);
  world.pass(PERIOD_MS);
  const renewed = await evaluate(world.clientKey, { 'if-none-match': first.etag });
  assert.equal(renewed.status, 200);
  assert.notEqual(renewed.uri, first.uri);
  const other = await issueKey('client');
  assert.notEqual((await evaluate(other.secret)).uri, renewed.uri, 'each key has its own');
});

test('tickets that ran out, were made up, or belong to a revoked key open nothing', async () => {
  const { uri } = await evaluate();
  world.pass(2 * PERIOD_MS);
  const refused = await world.call('GET', uri);
  assert.deepEqual([refused.status, refused.problem.code], [401, 'unauthenticated']);
  assert.match(refused.text, /\?ticket/);
  assert.match(refused.text, /evaluating all flags/);
  const valid = (await evaluate()).uri;
  for (const forged of [
    valid.replace(/ticket=[^&]*/, 'ticket='),
    valid.replace(/ticket=[^&]*/, `ticket=${world.clientKey}`),
    valid.replace(/.(?=&after)/, (last) => (last === '0' ? '1' : '0')),
    valid.replace('ticket=', 'Ticket='),
    '/ofrep/v1/events',
  ]) {
    assert.equal((await world.call('GET', forged)).status, 401, forged);
  }
  assert.equal((await world.call('GET', `${valid}&ticket=x`)).status, 400);
  assert.equal((await world.call('GET', valid.replace(/after=.*/, 'after=-1'))).status, 422);
  assert.equal((await world.call('GET', valid, { token: 'forged' })).status, 401, 'a broken header is not passed over');
});

test('an open stream outlives its ticket, and ends with its key', async () => {
  const { secret, key } = await issueKey('client');
  const stream = await open((await evaluate(secret)).uri);
  world.pass(3 * PERIOD_MS);
  await wait(150);
  assert.ok(stream.isOpen, 'who was let in stays');
  await world.call('DELETE', `/api/v1/tokens/${key}`, { token: ADMIN_TOKEN });
  await stream.ended();
});

test('a ticket opens the stream and no other door, and is never logged', async () => {
  const { uri } = await evaluate(world.sdkKey);
  const { searchParams } = new URL(uri, world.url);
  const ticket = searchParams.get('ticket') ?? '';
  for (const [method, path] of [
    ['GET', '/api/v1/sdk/snapshot'],
    ['GET', '/api/v1/sdk/stream'],
    ['POST', ALL],
    ['GET', '/api/v1/feature-flags'],
  ] as const) {
    assert.equal((await world.call(method, path, { token: ticket })).status, 401, path);
    assert.equal((await world.call(method, `${path}?ticket=${ticket}`)).status, 401, path);
  }
  const stream = await open(uri);
  stream.close();
  await stream.ended();
  await world.call('GET', uri.replace('ticket=', 'ticket=0'));
  await wait(50);
  assert.ok(logged.some((line) => line.includes('/ofrep/v1/events')));
  assert.deepEqual(
    logged.filter((line) => line.includes(ticket.slice(-43))),
    [],
  );
});

test('a page opens it from an allowed origin only', async () => {
  const { uri } = await evaluate();
  const allowed = await open(uri, { origin: SHOP });
  assert.equal(allowed.response.headers.get('access-control-allow-origin'), SHOP);
  allowed.close();
  const foreign = await world.call('GET', uri, { headers: { origin: 'https://evil.example' } });
  assert.equal(foreign.status, 403);
});

test('a key in a header opens it too, for who can send one', async () => {
  const stream = await open('/ofrep/v1/events', { authorization: `Bearer ${world.clientKey}` });
  assert.equal(stream.response.status, 200);
  stream.close();
  assert.equal((await world.call('GET', '/ofrep/v1/events', { token: ADMIN_TOKEN })).status, 403);
});
