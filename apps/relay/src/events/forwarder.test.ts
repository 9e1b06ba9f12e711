import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { nodePlatform } from '@spillway/node/platform';
import { eventually } from '../testing/processes.ts';
import { createForwarder, type ForwardTarget } from './forwarder.ts';
import { Spool } from './spool.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Sent {
  readonly events: readonly { readonly id: string }[];
  readonly source?: string;
}

interface Upstream {
  readonly url: string;
  readonly bodies: Sent[];
  answer: (sent: Sent) => { readonly status: number; readonly refused?: number; readonly text?: string };
}

/** An upstream that answers as a test says. */
async function upstream(): Promise<Upstream> {
  const state: Upstream = { url: '', bodies: [], answer: () => ({ status: 200 }) };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += String(part);
    const sent = JSON.parse(text) as Sent;
    state.bodies.push(sent);
    const { status, refused = 0, text: body } = state.answer(sent);
    const answer = {
      accepted: sent.events.length - refused,
      repeated: 0,
      refused: Array.from({ length: refused }, (_, index) => ({ index, errors: [] })),
    };
    response.writeHead(status, { 'content-type': 'application/json' }).end(body ?? JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(state, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

function forwardingTo({ url }: Upstream, source: ForwardTarget['source'] = 'sdk') {
  const directory = mkdtempSync(join(tmpdir(), 'spillway-forwarder-'));
  const spool = new Spool(join(directory, 'spool'));
  const forwarder = createForwarder({ url, key: 'a-key', source }, spool, nodePlatform({ log: () => undefined }));
  ends.push(async () => {
    await forwarder.stop();
    await spool.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const add = async (...ids: string[]) => {
    await spool.add(ids.map((id) => JSON.stringify({ id })));
    forwarder.wake();
  };
  return { spool, forwarder, add };
}

const idsIn = (bodies: readonly Sent[]) => bodies.flatMap(({ events }) => events.map(({ id }) => id));

test('what is added is sent on together, and is then nowhere here; what pages sent says so', async () => {
  const there = await upstream();
  for (const source of ['sdk', 'client'] as const) {
    const { spool, forwarder, add } = forwardingTo(there, source);
    await add('one');
    await add('two', 'three');
    await eventually('it is gone', () => spool.events === 0);
    assert.equal(forwarder.dropped, 0);
  }
  const events = ['one', 'two', 'three'].map((id) => ({ id }));
  assert.deepEqual(there.bodies, [{ events }, { events, source: 'client' }]);
});

test('what is not answered, or answered by something else, stays and is sent again', async () => {
  const there = await upstream();
  const { spool, forwarder, add } = forwardingTo(there);
  const answers = [{ status: 503 }, { status: 200, text: '<html>Sign in to the network</html>' }, { status: 200 }];
  there.answer = () => answers[there.bodies.length - 1] ?? assert.fail();
  await add('one');
  await eventually('it is gone', () => spool.events === 0);
  assert.deepEqual([idsIn(there.bodies), forwarder.dropped], [['one', 'one', 'one'], 0]);
});

test('an event that the upstream cannot read takes none of the others with it; what it refuses is counted', async () => {
  const there = await upstream();
  const taken: string[] = [];
  there.answer = ({ events }) => {
    if (events.some(({ id }) => id === 'poison')) return { status: 422 };
    taken.push(...events.map(({ id }) => id));
    return { status: 200, refused: events.some(({ id }) => id === 'refused') ? 1 : 0 };
  };
  const { spool, forwarder, add } = forwardingTo(there);
  await add('a', 'b', 'poison', 'c', 'refused');
  await eventually('it is gone', () => spool.events === 0);
  assert.deepEqual(taken, ['a', 'b', 'c', 'refused']);
  assert.equal(forwarder.dropped, 2);
});

test('where nothing of the kind is taken a batch is dropped as one; a key that is refused waits', async () => {
  const there = await upstream();
  const { spool, forwarder, add } = forwardingTo(there);
  there.answer = () => ({ status: 403 });
  await add('a', 'b', 'c');
  await eventually('it is gone', () => spool.events === 0);
  assert.deepEqual([there.bodies.length, forwarder.dropped], [1, 3]);
  there.answer = () => ({ status: 401 });
  await add('d');
  await eventually('it was tried', () => there.bodies.length === 2);
  await add('e');
  await forwarder.stop();
  assert.deepEqual([spool.events, forwarder.dropped], [2, 3]);
});
