import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { afterEach, test } from 'node:test';
import { type EvaluationContext, fingerprintOf } from '@spillway/evaluator';
import { type Client, createClient } from './client.ts';
import { CLOSE_LOOKS, ContextSample, MAX_HELD } from './context-sample.ts';
import type { SampleTerms } from './sample-terms.ts';
import { SDK_KEY, type SdkServer, snapshotOf, startSdkServer } from './testing/sdk-server.ts';
import { testPlatform } from './testing/test-platform.ts';

const PATIENCE_MS = 5_000;
const full: SampleTerms = { recent_contexts: 'full', private_attributes: ['email'], salt: 'pinch' };
const hashed: SampleTerms = { ...full, recent_contexts: 'hashed' };
const ann = {
  targetingKey: 'ann-7316',
  userId: 'ann-7316',
  email: 'ann@example.com',
  plan: 'pro',
  nested: ['ann-7316'],
};

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function start(terms: SampleTerms | undefined, platform = testPlatform({ hurry: 100 })) {
  const server = await startSdkServer(snapshotOf(1, true));
  opened.push(server);
  server.terms = terms;
  const client = createClient({ url: server.url, sdkKey: SDK_KEY }, platform);
  opened.push(client);
  assert.equal((await client.initialize({ timeoutMs: PATIENCE_MS * 100 })).is, 'ready');
  return { server, client };
}

/** Evaluates until the server has heard so many summaries. */
async function summaries(server: SdkServer, client: Client, count: number, context: EvaluationContext = ann) {
  const deadline = Date.now() + PATIENCE_MS;
  while (server.summaries.length < count) {
    assert.ok(Date.now() < deadline, `${server.summaries.length} summaries arrived`);
    client.boolean('checkout', context, false);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('F13: before the server has said that it may, nothing of a context leaves; nor ever while collecting is off', async () => {
  const { server, client } = await start(undefined);
  await summaries(server, client, 3);
  await client.close();
  for (const word of ['ann-7316', 'example.com', 'pro', 'contexts']) {
    assert.ok(!server.heard.some((text) => text.includes(word)), word);
  }
});

test('the first summary asks, the next ones tell, and of everyone once', async () => {
  const { server, client } = await start(full);
  await summaries(server, client, 4);
  assert.equal(server.summaries[0]?.contexts, undefined);
  const told = server.summaries.flatMap(({ contexts }) => contexts?.items ?? []);
  const { email: _, ...open } = ann;
  assert.deepEqual(told, [{ rank: fingerprintOf('pinchann-7316'), context: open }]);
  assert.ok(!server.heard.some((text) => text.includes('example.com')));
});

test('F13: of all that a client with hashed settings sends, nothing names the user or a private attribute', async () => {
  const { server, client } = await start(hashed);
  await summaries(server, client, 4);
  await client.close();
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const digest = sha256(`pinch${sha256('pinchann-7316')}`);
  const told = server.summaries.flatMap(({ contexts }) => contexts?.items ?? []);
  assert.deepEqual(
    told.map(({ context }) => context),
    [{ targetingKey: digest, userId: digest, plan: 'pro', nested: [digest] }],
  );
  for (const word of ['ann-7316', 'ann@', 'example.com', 'email']) {
    assert.ok(!server.heard.some((text) => text.includes(word)), word);
  }
});

test('a platform without digests tells nothing where only digests may be told', async () => {
  const { sha256: _, ...platform } = testPlatform({ hurry: 100 });
  const { server, client } = await start(hashed, { ...platform, logged: [], kept: () => undefined } as never);
  await summaries(server, client, 3);
  assert.ok(!server.heard.some((text) => text.includes('ann-7316') || text.includes('"contexts"')));
});

test('once collecting is turned off, what was held goes nowhere', async () => {
  const { server, client } = await start(full);
  await summaries(server, client, 2);
  server.terms = undefined;
  await summaries(server, client, server.summaries.length + 2, { targetingKey: 'bob-1' });
  const before = server.heard.length;
  await summaries(server, client, server.summaries.length + 2, { targetingKey: 'cy-2' });
  await client.close();
  assert.ok(!server.heard.slice(before).some((text) => text.includes('cy-2')));
});

function sampling(terms: SampleTerms, random: () => number = Math.random): ContextSample {
  const sample = new ContextSample({ ...testPlatform(), random });
  sample.agree(terms);
  return sample;
}

test('two samples together are the sample of all: the lowest ranks, whoever asked and however often', async () => {
  const users = Array.from({ length: 2_000 }, (_, index) => `user-${index}`);
  const [one, other] = [sampling(full), sampling(full)];
  users.forEach((targetingKey, index) => {
    for (let asked = 0; asked <= index % 3; asked += 1) (index % 2 === 0 ? one : other).look({ targetingKey });
  });
  const items = [...((await one.take())?.items ?? []), ...((await other.take())?.items ?? [])];
  const lowest = (ranks: readonly number[]) => ranks.toSorted((a, b) => a - b).slice(0, MAX_HELD);
  assert.deepEqual(lowest(items.map(({ rank }) => rank)), lowest(users.map((key) => fingerprintOf(`pinch${key}`))));
});

test('ranks that the server would not keep are not told, nor those it has', async () => {
  const ranks = ['a', 'b', 'c'].map((key) => fingerprintOf(`pinch${key}`));
  const upto = ranks.toSorted((a, b) => a - b)[1] ?? 0;
  const sample = sampling({ ...full, upto });
  const look = () => ['a', 'b', 'c'].forEach((targetingKey) => void sample.look({ targetingKey }));
  look();
  const sent = await sample.take();
  assert.equal(sent?.items.length, 2);
  look();
  assert.equal(await sample.take(), undefined);
  if (sent !== undefined) sample.untold(sent);
  look();
  assert.deepEqual(await sample.take(), sent, 'what did not arrive is told again');
});

test('contexts that are odd, large or change afterwards do no harm', async () => {
  const sample = sampling(full);
  const circle: Record<string, unknown> = { targetingKey: 'circle' };
  circle.self = circle;
  const deep = { targetingKey: 'deep', list: Array.from({ length: 100 }, () => []) };
  const large = { targetingKey: 'large', text: 'x'.repeat(5_000) };
  const changing = { targetingKey: 'changing', plan: 'pro' };
  const odd = [circle, deep, large, undefined, null, {}, { targetingKey: 7 }, { targetingKey: '' }, changing];
  for (const context of odd) sample.look(context as never);
  changing.plan = 'free';
  assert.deepEqual(
    (await sample.take())?.items.map(({ context }) => context),
    [{ targetingKey: 'changing', plan: 'pro' }],
  );
});

test('busy applications are looked at now and then, the next summary begins anew', async () => {
  const sample = sampling(full, () => 0.999);
  for (let index = 0; index < CLOSE_LOOKS; index += 1) sample.look({ targetingKey: 'one' });
  sample.look({ targetingKey: 'also seen' });
  for (let index = 0; index < 100; index += 1) sample.look({ targetingKey: `not seen ${index}` });
  const keys = (await sample.take())?.items.map(({ context }) => context.targetingKey).sort();
  assert.deepEqual(keys, ['also seen', 'one']);
  sample.look({ targetingKey: 'two' });
  assert.equal((await sample.take())?.items.length, 1);
});
