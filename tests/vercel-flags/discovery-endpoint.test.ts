import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, type TestContext, test } from 'node:test';
import { createTestClient } from '@spillway/node/testing';
import { createAccessProof, encryptOverrides } from 'flags';
import { getProviderData as declaredIn, flag, type KeyedFlagDefinitionType } from 'flags/next';
import { ADMIN_TOKEN, createWorld, type World } from '../../packages/http/src/testing/world.ts';
import { SDK_KEY, snapshotOf, startSdkServer } from '../../sdks/client/src/testing/sdk-server.ts';
import { createAdapters, createDiscoveryEndpoint, getProviderData } from '../../sdks/vercel-flags/src/index.ts';

const SECRET = Buffer.alloc(32, 7).toString('base64url');
const ANOTHERS_SECRET = Buffer.alloc(32, 8).toString('base64url');
let world: World;

before(async () => {
  world = await createWorld();
  const environments = { production: { enabled: true, fallthrough: { variant: 'on' } } };
  await addFlag({ key: 'new-checkout', type: 'boolean', description: 'Pays in one step', environments });
  const variants = [
    { name: 'warm', value: 'red' },
    { name: 'cold', value: 'blue' },
  ];
  await addFlag({ key: 'colour', type: 'string', variants });
});
after(() => world.close());

const from = (more: Partial<Parameters<typeof getProviderData>[0]> = {}) => ({
  ...{ url: world.url, sdkKey: world.sdkKey },
  ...more,
});

function requestWith(authorization?: string): Request {
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  return new Request('http://127.0.0.1/.well-known/vercel/flags', { headers });
}

/** Answers everything alike, on a real socket. */
async function serverThatAnswers(t: TestContext, status: number, body: string, head: Record<string, string> = {}) {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.writeHead(status, head).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { url: `http://127.0.0.1:${address.port}`, asked: () => asked };
}

test('flags are listed with variants as options, descriptions, and where they are managed', async () => {
  assert.deepEqual(plain(await getProviderData(from({ dashboard: 'https://spillway.example.com' }))), {
    definitions: {
      'new-checkout': {
        options: [
          { label: 'on', value: true },
          { label: 'off', value: false },
        ],
        description: 'Pays in one step',
        origin: 'https://spillway.example.com/flags/new-checkout',
      },
      colour: {
        options: [
          { label: 'warm', value: 'red' },
          { label: 'cold', value: 'blue' },
        ],
        origin: 'https://spillway.example.com/flags/colour',
      },
    },
    hints: [],
  });
});

test('without descriptions, as from an older server, the options are there', async (t) => {
  const text = JSON.stringify(snapshotOf(3, true));
  const { url } = await serverThatAnswers(t, 200, text, { 'content-type': 'application/json' });
  const options = [
    { label: 'on', value: true },
    { label: 'off', value: false },
  ];
  assert.deepEqual(plain(await getProviderData(from({ url }))), { definitions: { checkout: { options } }, hints: [] });
});

test('what goes wrong is a hint that names neither server nor key', async (t) => {
  const hintOf = async (more: Parameters<typeof from>[0]) => {
    const { definitions, hints } = await getProviderData(from(more));
    assert.deepEqual(definitions, {});
    assert.deepEqual(
      hints.map(({ key }) => key),
      ['spillway/unavailable'],
    );
    assert.doesNotMatch(JSON.stringify(hints), /127\.0\.0\.1|wrong-key/);
    return hints[0]?.text;
  };
  const told = (why: string) => `Spillway's flags are missing: ${why}.`;
  assert.equal(await hintOf({ sdkKey: 'wrong-key' }), told('the SDK key is refused'));
  assert.equal(await hintOf({ url: 'http://127.0.0.1:9' }), told('the server did not answer'));
  assert.equal(await hintOf({ url: 'no address' }), told('the server did not answer'));
  assert.equal(await hintOf(await serverThatAnswers(t, 503, '')), told('the server answered 503'));
  assert.equal(await hintOf(await serverThatAnswers(t, 200, '<html>')), told('the answer is no JSON'));
  assert.equal(await hintOf(await serverThatAnswers(t, 200, '{"flags":{}}')), told('the answer is no snapshot'));
  const elsewhere = await serverThatAnswers(t, 200, JSON.stringify(snapshotOf(3, true)));
  const pointing = await serverThatAnswers(t, 302, '', { location: elsewhere.url });
  assert.equal(await hintOf(pointing), told('the server did not answer'));
  assert.equal(elsewhere.asked(), 0, 'the key went elsewhere');
});

test('a server that does not answer in time is waited for no longer', async (t) => {
  const server = await startSdkServer(snapshotOf(3, true));
  t.after(() => server.close());
  server.streams = 'holds_back';
  const { hints } = await getProviderData({ url: `${server.url}/away`, sdkKey: SDK_KEY, timeoutMs: 200 });
  assert.match(hints[0]?.text ?? '', /did not answer/);
});

test('the endpoint tells nothing, and asks nobody, without a proof of access', async (t) => {
  const { url, asked } = await serverThatAnswers(t, 200, JSON.stringify(snapshotOf(3, true)));
  const endpoint = createDiscoveryEndpoint(from({ url, ...{ secret: SECRET } }));
  const refused = [
    undefined,
    '',
    'Bearer',
    'Bearer nonsense',
    `Bearer ${SECRET}`,
    `Bearer ${world.sdkKey}`,
    `Bearer ${await createAccessProof(ANOTHERS_SECRET)}`,
    `Bearer ${await createAccessProof(SECRET, new Date(0))}`,
    `Bearer ${await encryptOverrides({ checkout: true }, SECRET)}`,
  ];
  for (const authorization of refused) {
    const response = await endpoint(requestWith(authorization));
    assert.deepEqual([response.status, await response.text()], [401, 'null'], String(authorization));
    assert.equal(response.headers.get('cache-control'), 'no-store');
  }
  assert.equal(asked(), 0);
});

test('with a proof it answers what the server knows before what the code says', async () => {
  const { boolean, string } = createAdapters(createTestClient({ 'new-checkout': true }));
  const flags: unknown = {
    checkout: flag<boolean>({ key: 'new-checkout', adapter: boolean(), defaultValue: false, description: 'Old words' }),
    currency: flag<string>({ key: 'constructor', adapter: string(), options: ['EUR', 'USD'] }),
  };
  // The Flags SDK's types take no account of exactOptionalPropertyTypes.
  const declared = declaredIn(flags as Record<string, KeyedFlagDefinitionType>);
  const endpoint = createDiscoveryEndpoint({ ...from(), secret: SECRET, declared });
  const response = await endpoint(requestWith(`Bearer ${await createAccessProof(SECRET)}`));
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.match(response.headers.get('x-flags-sdk-version') ?? '', /^4\./);
  const { definitions } = (await response.json()) as Awaited<ReturnType<typeof getProviderData>>;
  assert.deepEqual(Object.keys(definitions).toSorted(), ['colour', 'constructor', 'new-checkout']);
  assert.deepEqual(definitions.constructor, {
    options: [{ value: 'EUR' }, { value: 'USD' }],
    declaredInCode: true,
  });
  const { description, defaultValue, options } = definitions['new-checkout'] ?? {};
  assert.deepEqual([description, defaultValue, options?.length], ['Pays in one step', false, 2]);
});

test('without a secret the endpoint fails instead of answering', async () => {
  assert.equal(process.env.FLAGS_SECRET, undefined);
  const endpoint = createDiscoveryEndpoint(from());
  await assert.rejects(endpoint(requestWith('Bearer x')), /FLAGS_SECRET/);
  await assert.rejects(createDiscoveryEndpoint({ ...from(), secret: 'short' })(requestWith('Bearer x')), /256-bit/);
});

test('the secret is taken from FLAGS_SECRET when it is not given', async (t) => {
  process.env.FLAGS_SECRET = SECRET;
  t.after(() => {
    delete process.env.FLAGS_SECRET;
  });
  const response = await createDiscoveryEndpoint(from())(requestWith(`Bearer ${await createAccessProof(SECRET)}`));
  assert.equal(response.status, 200);
});

/** As it crosses the wire. */
function plain(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data));
}

async function addFlag(body: Readonly<Record<string, unknown>>): Promise<void> {
  const made = await world.call('POST', '/api/v1/feature-flags?reason=test', { token: ADMIN_TOKEN, body });
  assert.equal(made.status, 201, made.text);
}
