import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { encodeMembers, type MembersPatch, type Snapshot, type SnapshotDelta } from '@spillway/evaluator';
import { type Client, type ClientOptions, createClient } from './client.ts';
import { DENIED_RETRY_MS } from './connection.ts';
import { deltaOf, SDK_KEY, type SdkServer, snapshotOf, startSdkServer } from './testing/sdk-server.ts';
import { testPlatform } from './testing/test-platform.ts';

const PATIENCE_MS = 5_000;
const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function serve(snapshot: unknown, port?: number): Promise<SdkServer> {
  const server = await startSdkServer(snapshot, port);
  opened.push(server);
  return server;
}

function clientOf(
  server: { readonly url: string },
  platform = testPlatform(),
  options: Partial<ClientOptions> = {},
): Client {
  const client = createClient({ url: server.url, sdkKey: SDK_KEY, ...options }, platform);
  opened.push(client);
  return client;
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!holds()) {
    assert.ok(Date.now() < deadline, `still not so: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const isOn = (client: Client) => client.boolean('checkout', {}, false);
const shows = (client: Client, number: number) => () => client.status().configuration === number;

/** A port on which nobody listens. */
async function nowhere(): Promise<{ readonly url: string; readonly port: number }> {
  const server = await startSdkServer(undefined);
  await server.close();
  return server;
}

describe('a client that reaches its server', () => {
  test('P3: starts, follows a change and says which flags changed', async () => {
    const server = await serve(snapshotOf(1, true));
    const client = clientOf(server);
    const changes: unknown[] = [];
    client.on('change', (change) => changes.push(change));
    assert.equal((await client.initialize()).is, 'ready');
    assert.equal(isOn(client), true);
    server.send('delta', 2, deltaOf(1, 2, false));
    await until('the change arrives', shows(client, 2));
    assert.equal(isOn(client), false);
    assert.deepEqual(changes, [
      { configuration: 1, flags: ['checkout'] },
      { configuration: 2, flags: ['checkout'] },
    ]);
    assert.equal(client.details('checkout', {}, true).flagMetadata.configuration, 2);
    assert.deepEqual(Object.keys(client.all({})), ['checkout']);
  });

  test('P3: a value of another type is the default, with TYPE_MISMATCH', async () => {
    const client = clientOf(await serve(snapshotOf(1, true)));
    await client.initialize();
    assert.equal(client.string('checkout', {}, 'blue'), 'blue');
    assert.equal(client.number('checkout', {}, 7), 7);
    assert.equal(client.details('checkout', {}, 'blue').errorCode, 'TYPE_MISMATCH');
    assert.equal(client.json('checkout', {}, null), true);
    assert.equal(client.details('nobody', {}, 'blue').errorCode, 'FLAG_NOT_FOUND');
  });

  test('F10: a lost stream is resumed from the last configuration, the missed changes come once', async () => {
    const server = await serve(snapshotOf(1, true));
    const client = clientOf(server);
    const statuses: string[] = [];
    client.on('status', ({ is }) => statuses.push(is));
    await client.initialize();
    server.missed.set('1', [deltaOf(1, 2, false), deltaOf(2, 3, true)]);
    server.drop();
    await until('both changes arrive', shows(client, 3));
    assert.deepEqual(server.asked, ['stream', 'stream 1']);
    assert.deepEqual(statuses, ['ready', 'stale', 'ready']);
    assert.equal(isOn(client), true);
  });

  test('F10: a change for another base makes it fetch the whole, once', async () => {
    const server = await serve(snapshotOf(1, true));
    const client = clientOf(server);
    await client.initialize();
    server.snapshot = snapshotOf(6, false);
    server.send('delta', 5, deltaOf(4, 5, false));
    server.send('delta', 6, deltaOf(5, 6, false));
    await until('the whole arrives', shows(client, 6));
    assert.deepEqual(server.asked, ['stream', 'snapshot']);
    assert.equal(client.status().is, 'ready');
  });

  describe('that is sent what changed of a list', () => {
    const keys = Array.from({ length: 50 }, (_, index) => `user-${index}`);
    const listed = (version: number, members: readonly string[]) => ({
      customers: { key: 'customers', version, when: { any: [] }, members: encodeMembers(members) },
    });
    const adding = (base: number, key: string, changes: Partial<MembersPatch> = {}) => {
      const { algorithm, fingerprints: added } = encodeMembers([key]);
      const count = keys.length + base;
      const members = { algorithm, base_version: base, added, removed: '', count, ...changes };
      return { customers: { key: 'customers', version: base + 1, when: { any: [] }, members } };
    };
    const change = (base: number, segments: SnapshotDelta['segments']) =>
      deltaOf(base, base + 1, true, { ...(segments && { segments }) });
    const both = [...keys, 'new-1', 'new-2'];
    const whole = (number: number) =>
      snapshotOf(number, true, { segments: listed(number, both.slice(0, keys.length + number - 1)) });
    const held = (platform: ReturnType<typeof testPlatform>): unknown => JSON.parse(platform.kept() ?? '{}').segments;

    const deliveries = {
      'in order': { order: [1, 2], asked: ['stream'] },
      'twice, each': { order: [1, 1, 2, 2], asked: ['stream'] },
      'in the wrong order': { order: [2, 1], asked: ['stream', 'snapshot'] },
      'without the first': { order: [2], asked: ['stream', 'snapshot'] },
    };
    for (const [how, { order, asked }] of Object.entries(deliveries)) {
      test(`S1: changes that come ${how} end in the list that there is`, async () => {
        const server = await serve(whole(1));
        const platform = testPlatform();
        const client = clientOf(server, platform);
        await client.initialize();
        server.snapshot = whole(3);
        for (const base of order) server.send('delta', base + 1, change(base, adding(base, `new-${base}`)));
        await until('all is there', shows(client, 3));
        await client.close();
        assert.deepEqual(held(platform), listed(3, both));
        assert.deepEqual(server.asked, asked);
      });
    }

    const spoilt: Readonly<Record<string, Partial<MembersPatch>>> = {
      'cut short': { added: '' },
      'cut within a member': { added: encodeMembers(['new-1']).fingerprints.slice(0, 4) },
      'made for another version of it': { base_version: 9 },
      'adding who is there': { added: encodeMembers(['user-1']).fingerprints },
    };
    for (const [how, changes] of Object.entries(spoilt)) {
      test(`S1: a change ${how} is not taken, and the whole is fetched`, async () => {
        const server = await serve(whole(1));
        const platform = testPlatform();
        const client = clientOf(server, platform);
        await client.initialize();
        server.snapshot = whole(2);
        server.send('delta', 2, change(1, adding(1, 'new-1', changes)));
        await until('the whole is there', shows(client, 2));
        assert.equal(client.status().is, 'ready');
        await client.close();
        assert.deepEqual(held(platform), listed(2, both.slice(0, -1)));
        assert.deepEqual(server.asked, ['stream', 'snapshot']);
      });
    }
  });

  test('F17: older, foreign and malformed payloads are ignored, the last good one stays', async () => {
    const server = await serve(snapshotOf(5, true));
    const client = clientOf(server);
    await client.initialize();
    const refused = [
      snapshotOf(4, false),
      snapshotOf(6, false, { environment: 'staging' }),
      '{"format":"spillway.snapshot/1","number":7',
      { ...snapshotOf(8, false), flags: { checkout: { key: 'checkout' } } },
    ];
    for (const payload of refused) {
      const before = client.status().problem;
      server.send('snapshot', 9, payload);
      await until('it is looked at', () => client.status().is === 'stale' && client.status().problem !== before);
      assert.deepEqual([client.status().configuration, isOn(client)], [5, true]);
    }
    server.send('delta', 6, deltaOf(5, 6, false, { environment: 'staging' }));
    server.send('delta', 5, deltaOf(4, 5, false));
    server.send('something-new', 6, { anything: true });
    server.send('delta', 10, deltaOf(5, 10, false));
    await until('a good change arrives', shows(client, 10));
    assert.deepEqual([client.status().is, isOn(client)], ['ready', false]);
    assert.deepEqual(server.asked, ['stream']);
  });

  test('P11: a client that comes back is ready when it has what it missed, not before', async () => {
    const server = await serve(snapshotOf(1, true));
    const client = clientOf(server);
    await client.initialize();
    server.missed.set('1', 'later');
    server.drop();
    await until('it is back', () => server.asked.includes('stream 1') && server.open() === 1);
    server.write(':\n\n');
    server.send('something-new', 2, {});
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(client.status().is, 'stale');
    server.send('current', 1, { number: 1 });
    await until('it is told that nothing was missed', () => client.status().is === 'ready');
    server.send('current', 2, { number: 2 });
    server.snapshot = snapshotOf(2, false);
    await until('what was missed after all is fetched', shows(client, 2));
    assert.deepEqual([client.status().is, server.asked], ['ready', ['stream', 'stream 1', 'snapshot']]);
  });

  test('P11: a server that is behind what it once sent is no news, and the status says so', async () => {
    const server = await serve(snapshotOf(5, true));
    const client = clientOf(server);
    await client.initialize();
    server.send('current', 3, { number: 3 });
    await until('it is noticed', () => client.status().is === 'stale');
    assert.match(client.status().problem ?? '', /configuration 3, before 5/);
    assert.deepEqual([client.status().configuration, isOn(client)], [5, true]);
  });

  test('P11: after a refusal the whole is asked for again, whatever else arrives meanwhile', async () => {
    const server = await serve(snapshotOf(5, true));
    const client = clientOf(server, testPlatform({ hurry: 200 }));
    await client.initialize();
    server.missed.set('5', [deltaOf(5, 6, false)]);
    server.send('snapshot', 6, '{"format":');
    server.send('delta', 5, deltaOf(4, 5, true));
    server.send('snapshot', 5, snapshotOf(5, true));
    server.send('something-new', 6, {});
    await until('it is refused', () => client.status().is === 'stale');
    await until('it comes again', shows(client, 6));
    assert.deepEqual([client.status().is, isOn(client)], ['ready', false]);
  });

  test('F10: an event cut in the middle is not taken, and comes again', async () => {
    const server = await serve(snapshotOf(1, true));
    const client = clientOf(server);
    await client.initialize();
    server.missed.set('1', [deltaOf(1, 2, false)]);
    server.write(`id: 2\nevent: delta\ndata: ${JSON.stringify(deltaOf(1, 2, false)).slice(0, 80)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    server.drop();
    await until('it comes again', shows(client, 2));
    assert.deepEqual(server.asked, ['stream', 'stream 1']);
  });

  test('F10: text outside ASCII survives being cut anywhere', async () => {
    const server = await serve(snapshotOf(1, true));
    const client = clientOf(server);
    await client.initialize();
    const note = { name: 'on', value: 'żółć 🚀' } as const;
    const flag = { ...snapshotOf(1, true).flags.checkout, type: 'string', variants: [note], off_variant: 'on' };
    const data = JSON.stringify({ ...deltaOf(1, 2, true), flags: { checkout: flag } });
    const bytes = Buffer.from(`id: 2\nevent: delta\ndata: ${data}\n\n`);
    const rocket = bytes.indexOf('🚀');
    for (const [from, to] of [
      [0, rocket + 1],
      [rocket + 1, rocket + 3],
      [rocket + 3, bytes.length],
    ]) {
      server.write(bytes.subarray(from, to));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await until('it arrives', shows(client, 2));
    assert.equal(client.string('checkout', {}, ''), 'żółć 🚀');
  });

  test('P3: a silent connection is given up and made anew', async () => {
    const server = await serve(snapshotOf(1, true));
    const client = clientOf(server, testPlatform({ hurry: 200 }));
    await client.initialize();
    server.missed.set('1', []);
    await until('it comes back by itself', () => server.asked.includes('stream 1'));
    assert.equal(isOn(client), true);
  });

  test('P3: a throwing listener neither breaks the client nor keeps others from hearing', async () => {
    const platform = testPlatform();
    const client = clientOf(await serve(snapshotOf(1, true)), platform);
    let heard = 0;
    client.on('change', () => {
      throw new Error('mine');
    });
    const off = client.on('change', () => {
      heard += 1;
    });
    await client.initialize();
    off();
    assert.equal(heard, 1);
    assert.ok(platform.logged.some((line) => line.includes('mine')));
  });
});

describe('a client whose server refuses or holds back', () => {
  test('P3: a refused key fails at once, and recovers when it counts again', async () => {
    const server = await serve(snapshotOf(1, true));
    server.key = 'another';
    const stored = JSON.stringify(snapshotOf(3, true));
    const client = clientOf(
      server,
      testPlatform({ hurry: 100, hurries: (delayMs) => delayMs >= DENIED_RETRY_MS / 2, stored }),
    );
    const status = await client.initialize();
    assert.equal(status.is, 'failed');
    assert.match(status.problem ?? '', /refuses the key \(401\)/);
    await until('the cache answers', () => isOn(client));
    const asked = server.asked.length;
    server.snapshot = snapshotOf(4, false);
    server.key = SDK_KEY;
    await until('it recovers', () => client.status().is === 'ready');
    assert.ok(server.asked.length - asked <= 3, 'it retried slowly');
    assert.equal(client.status().configuration, 4);
  });

  test('P3: a key revoked in use fails, and the last good configuration serves on', async () => {
    const server = await serve(snapshotOf(1, true));
    const client = clientOf(server);
    await client.initialize();
    server.key = 'another';
    server.drop();
    await until('it is noticed', () => client.status().is === 'failed');
    assert.equal(isOn(client), true);
  });

  for (const manner of ['not_found', 'holds_back', 'empty'] as const) {
    test(`F10: polls with ETag where streams do not get through (${manner}), and returns to the stream`, async () => {
      const server = await serve(snapshotOf(1, true));
      server.streams = manner;
      const client = clientOf(server, testPlatform({ hurry: 50 }), { pollMs: 1_000 });
      assert.equal((await client.initialize({ timeoutMs: 250_000 })).is, 'ready');
      await until('nothing new costs no payload', () => server.asked.includes('snapshot unchanged'));
      server.snapshot = snapshotOf(2, false);
      await until('a change is polled', shows(client, 2));
      server.streams = 'speaks';
      server.missed.set('2', [deltaOf(2, 3, true)]);
      await until('the stream is back', shows(client, 3));
      assert.equal(server.open(), 1);
    });
  }
});

describe('a client without a server', () => {
  test('P3: initialize is bounded, and every answer is the default', async () => {
    const client = clientOf(await nowhere());
    assert.equal(client.details('checkout', {}, 'x').errorCode, 'PROVIDER_NOT_READY');
    const started = Date.now();
    const status = await client.initialize({ timeoutMs: 200 });
    assert.ok(Date.now() - started < 1_500);
    assert.deepEqual([status.is, status.configuration], ['starting', 0]);
    assert.match(status.problem ?? '', /not reached/);
    assert.equal(client.boolean('checkout', {}, true), true);
    assert.deepEqual(client.all({}), {});
  });

  test('P3: starts from the cache without waiting for the time-out, and recovers when the server comes', async () => {
    const place = await nowhere();
    const platform = testPlatform({ stored: JSON.stringify(snapshotOf(7, true)) });
    const client = clientOf(place, platform);
    const started = Date.now();
    const status = await client.initialize({ timeoutMs: 4_000 });
    assert.ok(Date.now() - started < 2_000);
    assert.deepEqual([status.is, status.configuration, status.source], ['stale', 7, 'cache']);
    assert.equal(isOn(client), true);
    const server = await serve(snapshotOf(8, false), place.port);
    await until('it recovers', () => client.status().is === 'ready');
    assert.equal(isOn(client), false);
    assert.deepEqual(server.asked, ['stream'], 'a cache is no place to resume from');
    await client.close();
    assert.equal(platform.kept(), JSON.stringify(snapshotOf(8, false)));
  });

  test('P3: a broken cache gives way to the bootstrap, a newer cache replaces it', async () => {
    const place = await nowhere();
    const broken = clientOf(place, testPlatform({ stored: '{"format":' }), { bootstrap: snapshotOf(2, true) });
    assert.equal(isOn(broken), true, 'the bootstrap answers before anything is awaited');
    assert.equal((await broken.initialize({ timeoutMs: 1_000 })).source, 'bootstrap');
    const cached = JSON.stringify(snapshotOf(3, false));
    const newer = clientOf(place, testPlatform({ stored: cached }), { bootstrap: JSON.stringify(snapshotOf(2, true)) });
    assert.equal((await newer.initialize({ timeoutMs: 1_000 })).source, 'cache');
    assert.equal(isOn(newer), false);
  });

  test('F10: the cache of another environment gives way to what the key stands for', async () => {
    const foreign: Snapshot = snapshotOf(90, true, { environment: 'staging' });
    const client = clientOf(await serve(snapshotOf(5, false)), testPlatform({ stored: JSON.stringify(foreign) }));
    await client.initialize();
    await until('the server counts', shows(client, 5));
    assert.equal(isOn(client), false);
  });

  test('P3: nonsense as options or context never throws', async () => {
    const client = createClient({ url: 'no address', sdkKey: 'line\nbreak', bootstrap: '][' }, testPlatform());
    opened.push(client);
    assert.equal((await client.initialize({ timeoutMs: 100 })).is, 'starting');
    for (const context of [undefined, null, 1, 'x', []]) {
      assert.equal(Reflect.apply(client.boolean, client, ['checkout', context, true]), true);
    }
    await client.close();
    await client.close();
    assert.equal((await client.initialize({ timeoutMs: 100 })).is, 'closed');
  });
});
