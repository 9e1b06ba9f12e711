import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createClient as createApiClient } from '@spillway/contract/client';
import { signContext } from '@spillway/node';
import { type Client, createClient } from '@spillway/web';
import { type Started, startSpillway, temporaryDirectory } from '../../apps/server/src/start-testing.ts';

const directory = temporaryDirectory();
const keys = { sdk: '', client: '' };
const opened: Client[] = [];
let spillway: Started;

function open(context: ReturnType<typeof signContext>): Client {
  const { targetingKey, ...attributes } = context;
  const page = { targetingKey: targetingKey ?? '', ...(attributes as Record<string, string>) };
  const client = createClient({ url: spillway.url, clientKey: keys.client, context: page, log: () => undefined });
  opened.push(client);
  return client;
}

before(async () => {
  spillway = await startSpillway(directory.path);
  const file: { readonly token: string } = JSON.parse(readFileSync(join(directory.path, 'client.json'), 'utf8'));
  const api = createApiClient({ baseUrl: spillway.url, token: file.token });
  const flag = await api.call('createFlag', {
    query: { reason: 'test' },
    body: {
      key: 'for-ana',
      type: 'boolean',
      environments: {
        production: { enabled: true, targets: [{ variant: 'on', keys: ['ana'] }], fallthrough: { variant: 'off' } },
      },
    },
  });
  assert.ok(flag.ok, JSON.stringify(flag));
  for (const kind of ['sdk', 'client'] as const) {
    const token = await api.call('createToken', { body: { name: kind, kind, environment: 'production' } });
    assert.ok(token.ok, JSON.stringify(token));
    keys[kind] = token.value.secret;
  }
  const settings = {
    params: { key: 'production' },
    query: { reason: 'test' },
    body: { client_contexts: 'signed' },
  } as const;
  const changed = await api.call('updateEnvironment', settings);
  assert.ok(changed.ok, JSON.stringify(changed));
});

after(async () => {
  for (const client of opened) client.close();
  await spillway?.stop();
  directory.remove();
});

test('a page gets the values of the user whom its server has signed, and of nobody else', async () => {
  const signed = signContext({ targetingKey: 'ana', plan: 'pro' }, { sdkKey: keys.sdk });
  const page = open(signed);
  assert.equal((await page.initialize({ timeoutMs: 5_000 })).is, 'ready');
  assert.equal(page.boolean('for-ana', false), true);
  const pretending = open({ ...signContext({ targetingKey: 'bob' }, { sdkKey: keys.sdk }), targetingKey: 'ana' });
  assert.equal((await pretending.initialize({ timeoutMs: 5_000 })).is, 'ready');
  assert.equal(pretending.boolean('for-ana', true), false, 'what was signed counts, not what stands beside it');
});

test('without a signature, or with one that has ended, a page is refused and told why', async () => {
  const unsigned = open({ targetingKey: 'ana' });
  const status = await unsigned.initialize({ timeoutMs: 5_000 });
  assert.equal(status.is, 'failed');
  assert.match(status.problem ?? '', /signed context/);
  const ended = signContext({ targetingKey: 'ana' }, { sdkKey: keys.sdk, expiresInMs: 1 });
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const late = await open(ended).initialize({ timeoutMs: 5_000 });
  assert.equal(late.is, 'failed');
});

test('signing twice replaces the signature, and nonsense is refused where it is written', () => {
  const once = signContext({ targetingKey: 'ana' }, { sdkKey: keys.sdk });
  const twice = signContext(once, { sdkKey: keys.sdk });
  const payload = JSON.parse(Buffer.from(String(twice.signed_context).split('.')[1] ?? '', 'base64url').toString());
  assert.deepEqual(payload.context, { targetingKey: 'ana' });
  assert.throws(() => signContext({}, { sdkKey: '' }), /sdkKey/);
  assert.throws(() => signContext({}, { sdkKey: keys.sdk, expiresInMs: Number.NaN }), /expiresInMs/);
});
