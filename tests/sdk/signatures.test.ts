import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createClient as createApiClient } from '@spillway/contract/client';
import { createClient, type NodeClient, type NodeClientOptions } from '@spillway/node';
import {
  ADMIN_TOKEN,
  type Answering,
  eventually,
  startPlane,
  startRelayProcess,
} from '../../apps/relay/src/testing/processes.ts';
import { temporaryDirectory, withoutSpillway } from '../../apps/server/src/start-testing.ts';

const CLI = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url));
const context = { targetingKey: 'user-1' };
const directory = temporaryDirectory();
const at = (name: string) => join(directory.path, name);
const closing: (() => Promise<void> | void)[] = [];
let plane: Answering;
let sdkKey = '';
let publicKey = '';
let otherKey = '';

function runCli(args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const env = { ...withoutSpillway(process.env), ...variables };
  const run = spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8', env });
  return { code: run.status, out: run.stdout.trim(), error: run.stderr.trim() };
}

function createKey(name: string): string {
  const { code, out, error } = runCli(['signing-key', 'create', at(name)]);
  assert.equal(code, 0, error);
  return out;
}

function open(options: Partial<NodeClientOptions> = {}): NodeClient {
  const all = { url: plane.url, sdkKey, verifyWith: publicKey, log: () => undefined, ...options };
  const client = createClient(all);
  closing.push(() => client.close());
  return client;
}

async function serve(variant: string): Promise<void> {
  const api = createApiClient({ baseUrl: plane.url, token: ADMIN_TOKEN });
  const changed = await api.call('updateFlagEnvironment', {
    params: { key: 'colour', environment: 'production' },
    query: { reason: 'test' },
    body: { fallthrough: { variant } },
  });
  assert.ok(changed.ok, JSON.stringify(changed));
}

/** Hands everything on, and puts `into` for `from` in what the server answers: whole lines, so that no cut hides it. */
async function tamper(from: RegExp, into: string): Promise<{ readonly url: string; readonly spoiled: () => number }> {
  let spoiled = 0;
  const spoil = (line: string) => {
    const after = line.replace(from, into);
    if (after !== line) spoiled += 1;
    return after;
  };
  const proxy = createServer(async (request, response) => {
    const { authorization = '', 'last-event-id': lastEventId } = request.headers;
    const headers = { authorization, ...(typeof lastEventId === 'string' ? { 'last-event-id': lastEventId } : {}) };
    const leaving = new AbortController();
    response.on('close', () => leaving.abort());
    try {
      const answer = await fetch(`${plane.url}${request.url}`, { headers, signal: leaving.signal });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      let rest = '';
      for await (const part of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const lines = `${rest}${part}`.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) response.write(`${spoil(line)}\n`);
      }
      response.end(spoil(rest));
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, spoiled: () => spoiled };
}

before(async () => {
  publicKey = createKey('key.pem');
  otherKey = createKey('other.pem');
  plane = await startPlane(at('plane'), 0, { SPILLWAY_SIGNING_KEY_FILE: at('key.pem') });
  const api = createApiClient({ baseUrl: plane.url, token: ADMIN_TOKEN });
  const flag = await api.call('createFlag', {
    query: { reason: 'test' },
    body: {
      key: 'colour',
      type: 'string',
      variants: ['red', 'blue', 'green'].map((name) => ({ name, value: name })),
      environments: { production: { enabled: true, off_variant: 'red', fallthrough: { variant: 'red' } } },
    },
  });
  assert.ok(flag.ok, JSON.stringify(flag));
  const token = await api.call('createToken', { body: { name: 'sdk', kind: 'sdk', environment: 'production' } });
  assert.ok(token.ok, JSON.stringify(token));
  sdkKey = token.value.secret;
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

after(async () => {
  await plane?.stop();
  directory.remove();
});

test('a key is written for its owner alone and never over another; what holds none does not start a server', async () => {
  assert.match(publicKey, /^[\w-]{43}$/);
  assert.equal(statSync(at('key.pem')).mode & 0o777, 0o600);
  const before = readFileSync(at('key.pem'), 'utf8');
  const again = runCli(['signing-key', 'create', at('key.pem')]);
  assert.equal(again.code, 2);
  assert.match(again.error, /key\.pem is there already and is kept\. Name another file\./);
  assert.equal(readFileSync(at('key.pem'), 'utf8'), before);
  writeFileSync(at('none.pem'), 'no key');
  await assert.rejects(
    startPlane(at('refused'), 0, { SPILLWAY_SIGNING_KEY_FILE: at('none.pem') }),
    /SPILLWAY_SIGNING_KEY_FILE must name a file with an Ed25519 private key in PEM, which .*none\.pem has not; make one/,
  );
  await assert.rejects(
    startPlane(at('refused'), 0, { SPILLWAY_SIGNING_KEY_FILE: at('missing.pem') }),
    /SPILLWAY_SIGNING_KEY_FILE names a file that cannot be read: ENOENT/,
  );
});

test('an SDK follows a server that signs with its key, by every change; one with another key does not', async () => {
  const client = open();
  const stranger = open({ verifyWith: otherKey });
  assert.equal((await client.initialize()).is, 'ready');
  assert.equal((await stranger.initialize({ timeoutMs: 500 })).configuration, 0);
  assert.match(stranger.status().problem ?? '', /signed with a key that is not in verifyWith/);
  for (const colour of ['blue', 'green', 'red']) {
    await serve(colour);
    await eventually(`it is ${colour}`, () => client.string('colour', context, 'none') === colour);
  }
  assert.equal(client.status().is, 'ready');
  assert.equal(stranger.string('colour', context, 'none'), 'none');
});

test('one byte changed on the way, of the whole or of a change, and the last good one stays', async () => {
  const everything = await tamper(/"fallthrough":\{"variant":"red"\}/, '"fallthrough":{"variant":"ref"}');
  const spoilsAll = open({ url: everything.url });
  assert.equal((await spoilsAll.initialize({ timeoutMs: 500 })).configuration, 0);
  assert.match(spoilsAll.status().problem ?? '', /changed on its way/);

  // Only what comes after the first is spoiled, in the stream and where the whole is fetched.
  const later = await tamper(/"fallthrough":\{"variant":"blue"\}/, '"fallthrough":{"variant":"green"}');
  const client = open({ url: later.url });
  assert.equal((await client.initialize()).is, 'ready');
  await serve('blue');
  await eventually('it is noticed', () => client.status().is === 'stale');
  assert.match(client.status().problem ?? '', /changed on its way/);
  assert.equal(client.string('colour', context, 'none'), 'red');
  await serve('red');
  await eventually('the next good one is taken', () => client.status().is === 'ready');

  const changes = await tamper(/^(data: \{"base":.*"enabled":)true/, '$1false');
  const onlyChanges = open({ url: changes.url });
  await onlyChanges.initialize();
  await serve('green');
  await eventually('the whole makes up for it', () => onlyChanges.string('colour', context, 'none') === 'green');
  assert.equal(changes.spoiled(), 1);
  assert.equal(onlyChanges.status().is, 'ready');
  await serve('red');
});

test('behind a relay signatures are as the control plane made them, and the relay believes no others', async () => {
  const keys = [sdkKey];
  const relay = await startRelayProcess(plane.url, at('relay'), keys, 0, { SPILLWAY_VERIFY_WITH: publicKey });
  closing.push(() => relay.stop());
  const client = open({ url: relay.url });
  assert.equal((await client.initialize()).is, 'ready');
  await serve('blue');
  await eventually('the change is believed', () => client.string('colour', context, 'none') === 'blue');
  const [here, there] = await Promise.all(
    [relay.url, plane.url].map(async (url) =>
      (await fetch(`${url}/api/v1/sdk/snapshot`, { headers: { authorization: `Bearer ${sdkKey}` } })).text(),
    ),
  );
  assert.equal(here, there);
  assert.match(here ?? '', /"signature":"[\w-]{86}"/);
  const late = open({ url: relay.url });
  assert.equal((await late.initialize()).is, 'ready', 'the whole after a change is signed as well');
  await serve('red');

  await relay.stop();
  // Its disk was filled with signatures of a key that it is not to believe any more.
  const strict = await startRelayProcess(plane.url, at('relay'), keys, 0, { SPILLWAY_VERIFY_WITH: otherKey });
  closing.push(() => strict.stop());
  await eventually('it tells', () => /the upstream is not followed/.test(strict.said()));
  assert.match(strict.said(), /the stored snapshot is not used: configuration \d+ is refused/);
  const health = (await (await fetch(`${strict.url}/health`)).json()) as { readonly status: string };
  assert.equal(health.status, 'starting');
  await assert.rejects(
    startRelayProcess(plane.url, at('relay-2'), keys, 0, { SPILLWAY_VERIFY_WITH: 'none' }),
    /SPILLWAY_VERIFY_WITH must be public keys as `spillway signing-key create` prints them/,
  );
  for (const keys of ['none', '', `${publicKey},none`]) {
    const args = ['relay', '--upstream', plane.url, '--data', at('relay-2'), '--verify-with', keys];
    const { code, error } = runCli(args, { SPILLWAY_RELAY_TOKENS: sdkKey });
    assert.equal(code, 2);
    assert.match(error, /--verify-with must be public keys as/);
  }
});

test('a server changes its key without a gap for those who hold both, and one without a key is not believed', async () => {
  const cacheFile = at('cache');
  const both = open({ verifyWith: [publicKey, otherKey] });
  const old = open({ cacheFile });
  await Promise.all([both.initialize(), old.initialize()]);
  const { port } = plane;
  const restart = async (variables: Record<string, string>) => {
    await plane.stop();
    plane = await startPlane(at('plane'), port, variables);
  };
  await restart({ SPILLWAY_SIGNING_KEY_FILE: at('other.pem') });
  await serve('green');
  await eventually('the new key is believed', () => both.string('colour', context, 'none') === 'green');
  await eventually('the old one is missed', () => /signed with a key that/.test(old.status().problem ?? ''));
  assert.equal(old.string('colour', context, 'none'), 'red');

  await restart({});
  await serve('blue');
  await eventually('it is told', () => /it is not signed; give the server its key/.test(both.status().problem ?? ''));
  assert.equal(both.string('colour', context, 'none'), 'green');
  await old.close();
  const fromDisk = open({ cacheFile, url: 'http://127.0.0.1:9' });
  await fromDisk.initialize({ timeoutMs: 1_000 });
  assert.equal(fromDisk.string('colour', context, 'none'), 'red', 'what was cached is signed');
  const definitions = await fetch(`${plane.url}/api/v1/sdk/snapshot`, {
    headers: { authorization: `Bearer ${sdkKey}` },
  });
  const bootstrap = await definitions.text();
  const started = open({ bootstrap, url: 'http://127.0.0.1:9' });
  assert.equal(started.status().configuration, 0, 'an unsigned bootstrap is none');
  await restart({ SPILLWAY_SIGNING_KEY_FILE: at('key.pem') });
  await eventually('all is well again', () => both.string('colour', context, 'none') === 'blue');
});
