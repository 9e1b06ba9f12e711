import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSummaries } from './summaries.ts';
import { AnswerTally, MAX_COUNTED } from './tally.ts';
import { deltaOf, SDK_KEY } from './testing/sdk-server.ts';
import { ready, serve, until } from './testing/started.ts';
import { testPlatform } from './testing/test-platform.ts';

test('F11: closing tells the server how often each answer was given, over changes of the configuration', async () => {
  const server = await serve();
  const client = await ready(server);
  for (let asked = 0; asked < 3; asked += 1) client.boolean('checkout', { secret: 'is not sent' }, false);
  server.send('delta', 2, deltaOf(1, 2, true));
  await until('the change arrives', () => client.status().configuration === 2);
  client.boolean('checkout', {}, false);
  client.boolean('gone', {}, false);
  await client.close();
  assert.equal(server.summaries.length, 1);
  assert.deepEqual(server.summaries[0]?.counts, [
    { flag: 'checkout', variant: 'on', reason: 'STATIC', count: 4, configurations: { first: 1, last: 2 } },
    { flag: 'gone', variant: null, reason: 'ERROR', count: 1, configurations: { first: 2, last: 2 } },
  ]);
  assert.ok(!JSON.stringify(server.summaries).includes('is not sent'));
  assert.equal(client.status().uncounted, undefined);
});

test('summaries go out by themselves, each answer in one of them', async () => {
  const server = await serve();
  const client = await ready(server, 100);
  for (let round = 1; round <= 2; round += 1) {
    client.boolean('checkout', {}, false);
    await until('a summary arrives', () => server.summaries.length === round);
  }
  assert.deepEqual(
    server.summaries.map(({ counts }) => counts[0]?.count),
    [1, 1],
  );
});

test('who counts for many has what did not arrive sent later, added up, within the usual bound', async () => {
  const server = await serve();
  server.summaryStatus = 503;
  const summaries = createSummaries({ url: server.url, sdkKey: SDK_KEY }, testPlatform({ hurry: 100 }), 'sent later');
  const told = { flag: 'checkout', variant: 'on', reason: 'STATIC', count: 3 };
  summaries.tally.add(told);
  summaries.start();
  await until('it was tried', () => server.heard.filter((line) => line.includes('"counts"')).length >= 2);
  summaries.tally.add(told);
  for (let index = 0; index < MAX_COUNTED; index += 1) summaries.tally.add({ ...told, flag: `flag-${index}` });
  server.summaryStatus = 202;
  await until('it arrives', () => server.summaries.length > 0);
  await summaries.stop();
  const [{ counts = [] } = {}, ...more] = server.summaries;
  assert.deepEqual([counts[0], counts.length, more.length], [{ ...told, count: 6 }, MAX_COUNTED, 0]);
  assert.equal(summaries.tally.uncounted, 3);
});

test('a summary whose answer got lost is sent again as it was, under its key, and what came meanwhile follows', async () => {
  const server = await serve();
  server.losesAnswers = true;
  const summaries = createSummaries({ url: server.url, sdkKey: SDK_KEY }, testPlatform({ hurry: 100 }), 'sent later');
  const told = { flag: 'checkout', variant: 'on', reason: 'STATIC', count: 3 };
  summaries.tally.add(told);
  summaries.start();
  await until('it was tried', () => server.summaries.length >= 2);
  summaries.tally.add({ ...told, count: 4 });
  server.losesAnswers = false;
  await until('what came meanwhile arrives', () => server.summaries.some(({ counts }) => counts[0]?.count === 4));
  await summaries.stop();
  // On a busy machine either may be repeated, but never changed.
  assert.equal(new Set(server.summaries.map((summary) => JSON.stringify(summary))).size, 2);
  const keys = server.heard.flatMap((line) => /"idempotency-key":"([^"]+)"/.exec(line)?.[1] ?? []);
  assert.deepEqual([new Set(keys).size, keys.length], [2, server.summaries.length]);
});

test('F18: an older server, which does not know of configurations, gets the counts without them', async () => {
  const server = await serve();
  server.knowsConfigurations = false;
  const client = await ready(server, 100);
  for (let round = 1; round <= 2; round += 1) {
    client.boolean('checkout', {}, false);
    await until('a summary arrives', () => server.summaries.length === round);
  }
  await client.close();
  const plain = [{ flag: 'checkout', variant: 'on', reason: 'STATIC', count: 1 }];
  assert.deepEqual(
    server.summaries.map(({ counts }) => counts),
    [plain, plain],
  );
  assert.equal(client.status().uncounted, undefined);
});

test('what does not arrive is given up and counted, and no answer waits for it', async () => {
  const server = await serve();
  server.summaryStatus = 404;
  const client = await ready(server);
  for (let asked = 0; asked < 5; asked += 1) client.boolean('checkout', {}, false);
  await client.close();
  assert.equal(client.status().uncounted, 5);
});

test('an application that wants no summaries sends none', async () => {
  const server = await serve();
  const client = await ready(server, 1, { summaries: false });
  client.boolean('checkout', {}, false);
  await client.close();
  assert.deepEqual(server.summaries, []);
});

test('a tally takes no more than so many different answers, and says how many it left out', () => {
  const tally = new AnswerTally();
  const flagMetadata = { configuration: 1 };
  for (let index = 0; index < MAX_COUNTED + 10; index += 1) {
    tally.count({ flagKey: `f${index}`, value: true, variant: 'on', reason: 'STATIC', flagMetadata });
  }
  assert.equal(tally.uncounted, 10);
  assert.equal(tally.take().length, MAX_COUNTED);
  assert.deepEqual(tally.take(), []);
});

test('F18: a tally keeps the lowest and the highest configuration of each answer, errors and what others told included', () => {
  const tally = new AnswerTally();
  const on = { flagKey: 'a', value: true, variant: 'on', reason: 'STATIC' } as const;
  const gone = { flagKey: 'gone', value: null, reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND' } as const;
  for (const configuration of [7, 5, 9]) {
    tally.count({ ...on, flagMetadata: { configuration } });
    tally.count({ ...gone, flagMetadata: { configuration } });
  }
  const told = { flag: 'a', variant: 'on', reason: 'STATIC', count: 2 };
  for (const configurations of [undefined, { first: 3, last: 4 }, { first: 4, last: 6 }, undefined]) {
    tally.add({ ...told, ...(configurations && { configurations }) });
  }
  tally.add({ ...told, flag: 'old' });
  assert.deepEqual(tally.take(), [
    { ...told, count: 11, configurations: { first: 3, last: 9 } },
    { ...told, flag: 'old' },
    { flag: 'gone', variant: null, reason: 'ERROR', count: 3, configurations: { first: 5, last: 9 } },
  ]);
});
