import assert from 'node:assert/strict';
import { generateKeyPairSync, hash, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import type { Snapshot, SnapshotDelta } from '@spillway/evaluator';
import { applyDelta } from '@spillway/evaluator';
import { createSnapshotMessage } from '@spillway/evaluator/signature';
import { deltaOf, SDK_KEY, type SdkServer, snapshotOf, startSdkServer } from '../../client/src/testing/sdk-server.ts';
import { until } from '../../client/src/testing/started.ts';
import { answersFrom, createClient, type NodeClient, type NodeClientOptions } from './index.ts';

interface Signer {
  readonly publicKey: string;
  readonly signed: (snapshot: Snapshot) => Snapshot;
}

function signer(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const messageOf = createSnapshotMessage((text) => hash('sha256', text));
  return {
    publicKey: String(publicKey.export({ format: 'jwk' }).x),
    signed: (snapshot) => ({
      ...snapshot,
      signature: sign(null, Buffer.from(messageOf(snapshot)), privateKey).toString('base64url'),
    }),
  };
}

const mine = signer();
const other = signer();
const context = { targetingKey: 'ann' };
const closing: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(first: unknown): Promise<SdkServer> {
  const server = await startSdkServer(first);
  closing.push(() => server.close());
  return server;
}

function open(url: string, options: Partial<NodeClientOptions> = {}): NodeClient & { readonly logged: string[] } {
  const logged: string[] = [];
  const log = (_: string, message: string) => void logged.push(message);
  const client = createClient({ url, sdkKey: SDK_KEY, verifyWith: mine.publicKey, summaries: false, log, ...options });
  closing.push(() => client.close());
  return { ...client, logged };
}

/** The change from one to the next, with the signature of what comes of it. */
function signedDelta(from: Snapshot, number: number, on: boolean): SnapshotDelta {
  const delta = deltaOf(from.number, number, on);
  const after = applyDelta(from, delta);
  assert.ok(after !== undefined);
  const { signature = '' } = mine.signed(after);
  return { ...delta, signature };
}

test('what is signed is taken, by stream and by change; a spoiled change is fetched whole, once', async () => {
  const first = mine.signed(snapshotOf(1, true));
  const server = await serve(first);
  const client = open(server.url);
  assert.equal((await client.initialize()).is, 'ready');
  assert.equal(client.boolean('checkout', context, false), true);
  server.send('delta', 2, signedDelta(first, 2, false));
  await until('the change is there', () => client.status().configuration === 2);
  assert.equal(client.boolean('checkout', context, true), false);
  assert.ok(!server.asked.includes('snapshot'), 'a right change needs nothing more');

  server.snapshot = mine.signed(snapshotOf(3, true));
  server.send('delta', 3, { ...signedDelta(snapshotOf(2, false), 3, true), ...{ flags: deltaOf(2, 3, false).flags } });
  await until('the whole is there', () => client.status().configuration === 3);
  assert.equal(client.boolean('checkout', context, false), true);
  assert.equal(server.asked.filter((asked) => asked === 'snapshot').length, 1);
  assert.equal(client.status().is, 'ready');
});

test('a change of nobody whose whole is spoiled too leaves the last good one, and is not asked for again and again', async () => {
  const server = await serve(mine.signed(snapshotOf(1, true)));
  const client = open(server.url);
  await client.initialize();
  server.snapshot = { ...mine.signed(snapshotOf(2, true)), flags: snapshotOf(2, false).flags };
  server.send('delta', 2, deltaOf(1, 2, false));
  await until('it is told', () => client.status().is === 'stale');
  assert.match(client.status().problem ?? '', /configuration 2 is refused: it was changed on its way, or signed with/);
  assert.equal(client.boolean('checkout', context, false), true);
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.deepEqual(server.asked, ['stream', 'snapshot']);
});

for (const [what, payload, problem] of [
  ['is not signed', snapshotOf(1, true), /it is not signed; give the server its key \(SPILLWAY_SIGNING_KEY_FILE\)/],
  ['is signed with another key', other.signed(snapshotOf(1, true)), /signed with a key that is not in verifyWith/],
  ['has a signature that is none', { ...snapshotOf(1, true), signature: '?' }, /changed on its way/],
  ['has a signature that is no text', { ...snapshotOf(1, true), signature: 7 }, /signature must be text/],
] as const) {
  test(`a server whose snapshot ${what} is not believed, by stream or by polling`, async () => {
    for (const streams of ['speaks', 'not_found'] as const) {
      const server = await serve(payload);
      server.streams = streams;
      const client = open(server.url);
      const status = await client.initialize({ timeoutMs: 300 });
      assert.equal(status.configuration, 0);
      assert.match(status.problem ?? '', problem);
      assert.equal(client.boolean('checkout', context, false), false);
    }
  });
}

test('of several keys one must fit, so that keys can be changed without a gap', async () => {
  const server = await serve(other.signed(snapshotOf(1, true)));
  const client = open(server.url, { verifyWith: [mine.publicKey, other.publicKey] });
  assert.equal((await client.initialize()).configuration, 1);
  server.send('snapshot', 2, mine.signed(snapshotOf(2, false)));
  await until('the other key is believed too', () => client.status().configuration === 2);
});

test('bootstrap, cache and the answers of one snapshot are verified as well', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-signatures-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const nowhere = 'http://127.0.0.1:9';
  const good = mine.signed(snapshotOf(5, true));
  assert.equal(open(nowhere, { bootstrap: JSON.stringify(good) }).boolean('checkout', context, false), true);
  const refused = open(nowhere, { bootstrap: snapshotOf(5, true) });
  assert.equal(refused.boolean('checkout', context, false), false);
  assert.match(refused.logged[0] ?? '', /^the bootstrap is not used: configuration 5 is refused: it is not signed/);
  // More than plain data has no canonical form.
  const odd = open(nowhere, { bootstrap: { ...good, later: new Date() } });
  assert.equal(odd.status().configuration, 0);

  const verifyWith = mine.publicKey;
  assert.equal(answersFrom(good, { verifyWith }).boolean('checkout', context, false), true);
  const log = () => undefined;
  assert.equal(answersFrom(other.signed(good), { verifyWith, log }).boolean('checkout', context, false), false);

  const cacheFile = join(folder, 'flags');
  const server = await serve(other.signed(snapshotOf(6, true)));
  const unverified = createClient({ url: server.url, sdkKey: SDK_KEY, cacheFile, summaries: false });
  await unverified.initialize();
  await unverified.close();
  assert.match(readFileSync(cacheFile, 'utf8'), /"signature":/);
  const from = async (key: string) => {
    const client = open(nowhere, { cacheFile, verifyWith: key });
    await client.initialize({ timeoutMs: 300 });
    return { source: client.status().source, logged: client.logged };
  };
  assert.equal((await from(other.publicKey)).source, 'cache');
  const { source, logged } = await from(mine.publicKey);
  assert.equal(source, 'none');
  assert.ok(logged.some((line) => line.startsWith('the cached configuration is not used: configuration 6 is refused')));
});

test('what is signed for another environment than the SDK key names is refused', async () => {
  const secret = 'x'.repeat(43);
  const bootstrap = mine.signed(snapshotOf(1, true));
  const inEnvironment = (environment: string) =>
    open('http://127.0.0.1:9', { sdkKey: `spw_sdk_${environment}_${secret}`, bootstrap });
  assert.equal(inEnvironment('production').status().configuration, 1);
  const client = inEnvironment('staging');
  assert.equal(client.status().configuration, 0);
  assert.match(client.logged[0] ?? '', /it is of the environment production, and the SDK key of staging/);
});

test('a verifyWith that holds no key stops nothing, and nothing is believed', async () => {
  const server = await serve(mine.signed(snapshotOf(1, true)));
  for (const none of [undefined, null, [], '', 'key', [''], `${mine.publicKey}=`]) {
    const client = open(server.url, { verifyWith: none } as NodeClientOptions);
    const status = await client.initialize({ timeoutMs: 200 });
    assert.equal(status.configuration, 0, String(none));
    assert.match(status.problem ?? '', /verifyWith holds no public key as `spillway signing-key create` prints it/);
    assert.equal(client.boolean('checkout', context, false), false);
  }
  const rotated = open(server.url, { verifyWith: ['', mine.publicKey] });
  assert.equal((await rotated.initialize()).configuration, 1, 'what is no key takes nothing from one that is');
});

test('the published snapshot is taken with the published key, and not as another', () => {
  const published = readFileSync(new URL('../../../conformance/signatures.json', import.meta.url), 'utf8');
  const { snapshot, signature, public_key: verifyWith } = JSON.parse(published);
  const answers = answersFrom({ ...snapshot, signature }, { verifyWith });
  assert.equal(answers.string('colour', { targetingKey: 'ann' }, 'none'), '#00f');
  const other = answersFrom({ ...snapshot, number: 43, signature }, { verifyWith, log: () => undefined });
  assert.equal(other.string('colour', { targetingKey: 'ann' }, 'none'), 'none');
});
