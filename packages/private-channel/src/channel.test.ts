import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  BODY_MAX,
  type ChannelAddress,
  type ChannelOptions,
  ChannelRefusal,
  ChannelUnreachable,
  channelClient,
  notFound,
  openChannel,
  refusal,
} from './index.ts';

const TOKEN = 'a-token-for-tests-only';

async function open(context: TestContext, handle: ChannelOptions['handle']) {
  const channel = await openChannel({ token: TOKEN, listen: { is: 'loopback', port: 0 }, owner: 'clerk', handle });
  context.after(() => channel.close());
  const { address } = channel;
  assert.ok(address.is === 'loopback');
  return { address, url: `http://127.0.0.1:${address.port}`, client: client(address) };
}

function client(address: ChannelAddress, token = TOKEN, timeoutMs = 5_000) {
  return channelClient({ address, token, peer: 'clerk', timeoutMs });
}

test('a call carries its method, its names and its body, and brings back what was answered', async (context) => {
  const { client } = await open(context, async ({ method, path, names, json }) => {
    if (method === 'DELETE') return { status: 204, body: undefined };
    return { status: 200, body: { method, path, names, body: await json() } };
  });
  assert.deepEqual(await client.call('PUT', '/things/a%2Fb%20c?x=1', { größe: 3 }), {
    method: 'PUT',
    path: '/things/a%2Fb%20c',
    names: ['things', 'a/b c'],
    body: { is: 'read', value: { größe: 3 } },
  });
  assert.equal(await client.call('DELETE', '/things/a'), undefined);
});

test('without the token, whole and exact, nothing is handled', async (context) => {
  let handled = 0;
  const { address, url } = await open(context, () => {
    handled += 1;
    return { status: 200, body: {} };
  });
  for (const token of ['wrong', TOKEN.slice(0, -1), `${TOKEN}x`]) {
    await assert.rejects(client(address, token).call('GET', '/'), {
      status: 401,
      message: /token is missing or wrong/,
    });
  }
  for (const authorization of ['', 'Bearer ', `Basic ${TOKEN}`, TOKEN]) {
    assert.equal((await fetch(url, { headers: { authorization } })).status, 401, authorization);
  }
  assert.equal(handled, 0);
});

test('a body that is too long or not JSON is refused, and its sender is told', async (context) => {
  const { url } = await open(context, async ({ json }) => {
    const body = await json();
    return body.is === 'refused' ? body.answer : { status: 200, body: {} };
  });
  const put = async (body: string) => {
    const answer = await fetch(url, { method: 'PUT', headers: { authorization: `Bearer ${TOKEN}` }, body });
    return [answer.status, ((await answer.json()) as { code?: string }).code];
  };
  const filled = (bytes: number) => JSON.stringify('x'.repeat(bytes - 2));
  assert.deepEqual(await put(filled(BODY_MAX)), [200, undefined]);
  assert.deepEqual(await put(filled(BODY_MAX + 1)), [413, 'too_large']);
  assert.deepEqual(await put(filled(BODY_MAX * 8)), [413, 'too_large']);
  for (const body of ['', '{', '{"a":1}{']) assert.deepEqual(await put(body), [400, 'invalid'], body);
});

test('a refusal is thrown with its status and the field in front', async (context) => {
  const { client, url } = await open(context, ({ path, names }) => {
    if (names[0] === 'odd') return { status: 418, body: ['no problem'] };
    if (names[0] === 'broken') throw new Error('The disk is full.');
    return names[0] === 'missing' ? notFound(path) : refusal(409, 'conflict', 'name', 'is taken.');
  });
  const refusalOf = async (path: string) => {
    const error: unknown = await client.call('GET', path).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof ChannelRefusal);
    return [error.status, error.message, error.field];
  };
  assert.deepEqual(await refusalOf('/taken'), [409, 'name: is taken.', 'name']);
  assert.deepEqual(await refusalOf('/missing'), [404, 'There is nothing at /missing.', undefined]);
  assert.deepEqual(await refusalOf('/odd'), [418, 'The clerk answered 418.', undefined]);
  assert.deepEqual(await refusalOf('/broken'), [503, 'The disk is full.', undefined]);
  assert.deepEqual(await refusalOf('/%ff'), [400, 'The path is not valid percent-encoding.', undefined]);
  assert.equal((await fetch(url)).status, 401, 'it still answers');
});

test('nobody there, no answer in time and an answer that is not JSON are all unreachable', async (context) => {
  const { address } = await open(context, () => new Promise(() => undefined));
  await assert.rejects(client(address, TOKEN, 50).call('GET', '/'), ChannelUnreachable);

  const stranger = createServer((_, response) => response.end('<html>'));
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const bound = stranger.address();
  assert.ok(bound !== null && typeof bound === 'object');
  const elsewhere = { is: 'loopback', host: '127.0.0.1', port: bound.port } as const;
  await assert.rejects(client(elsewhere).call('GET', '/'), /The clerk cannot be reached: its answer is not JSON/);
  await new Promise((resolve) => stranger.close(resolve));
  await assert.rejects(client(elsewhere).call('GET', '/'), ChannelUnreachable);
});

test('a socket is for its owner alone; one in use is left alone, and any other file too', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-channel-'));
  context.after(() => rm(directory, { recursive: true, force: true }));
  const at = (name: string) => ({
    token: TOKEN,
    listen: { is: 'unix', path: join(directory, name) } as const,
    owner: 'clerk',
    handle: () => ({ status: 200, body: 'here' }),
  });
  const channel = await openChannel(at('a.sock'));
  context.after(() => channel.close());
  assert.equal((await stat(join(directory, 'a.sock'))).mode & 0o777, 0o600);
  assert.equal(await client(channel.address).call('GET', '/'), 'here');
  await assert.rejects(openChannel(at('a.sock')), /Another clerk is listening on .*a\.sock/);
  assert.equal(await client(channel.address).call('GET', '/'), 'here');
  await writeFile(join(directory, 'kept'), 'a file of somebody');
  await assert.rejects(openChannel(at('kept')), /kept is a file, not a socket/);
  assert.equal(await readFile(join(directory, 'kept'), 'utf8'), 'a file of somebody');
});
