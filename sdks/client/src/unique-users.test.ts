import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketOf, hashUser, userHash, userSeedsOf } from '@spillway/evaluator';
import { emptyRegisters, estimate, mergeInto, observe, readSketch, STANDARD_ERROR } from '@spillway/statistics';
import type { Client } from './client.ts';
import { AnswerTally } from './tally.ts';
import type { SdkServer } from './testing/sdk-server.ts';
import { ready, serve, until } from './testing/started.ts';
import { MAX_SENT, MAX_SKETCHES, UserTally } from './user-tally.ts';

const HOUR_MS = 3_600_000;

async function serveTelling(uniqueUsers: boolean): Promise<SdkServer> {
  return Object.assign(await serve(), { uniqueUsers });
}

function askFor(client: Client, first: number, last: number): void {
  for (let user = first; user < last; user += 1) client.boolean('checkout', { targetingKey: `user-${user}` }, false);
}

/** Everybody that the server was told of. */
function told(server: SdkServer): number {
  const all = emptyRegisters();
  for (const { users = [] } of server.summaries) {
    for (const { flag, variant, sketch } of users) {
      assert.deepEqual([flag, variant], ['checkout', 'on']);
      mergeInto(all, readSketch(sketch) ?? assert.fail('no sketch'));
    }
  }
  return estimate(all);
}

test('P3: a process that lives shorter than a summary takes still tells how many users it served, and none of their keys', async () => {
  const server = await serveTelling(true);
  const client = await ready(server);
  for (let times = 0; times < 3; times += 1) askFor(client, 0, 300);
  client.boolean('checkout', {}, false);
  client.boolean('checkout', { targetingKey: '' }, false);
  await client.close();
  assert.equal(server.summaries[0]?.users, undefined, 'nothing leaves before the server has said that it may');
  assert.ok(Math.abs(told(server) - 300) < 300 * 3 * STANDARD_ERROR, String(told(server)));
  assert.ok(!server.heard.some((text) => /user-\d/.test(text)));
});

test('each summary tells what the server does not know yet, and what did not arrive is told again', async () => {
  const server = await serveTelling(true);
  const client = await ready(server, 100);
  askFor(client, 0, 50);
  await until('the first users are told', () => told(server) > 40);
  const before = server.summaries.length;
  askFor(client, 0, 50);
  await until('another summary', () => server.summaries.length > before);
  assert.equal(server.summaries.at(-1)?.users, undefined);
  server.summaryStatus = 503;
  askFor(client, 50, 100);
  await until('it was tried', () => server.heard.filter((text) => text.includes('"users"')).length > 1);
  server.summaryStatus = 202;
  await until('all of them are told', () => told(server) > 90);
  await client.close();
});

test('a server that does not want sketches gets none, nor does anybody from an application that tells none', async () => {
  const old = await serveTelling(false);
  const client = await ready(old);
  askFor(client, 0, 10);
  await client.close();
  const server = await serveTelling(true);
  const silent = await ready(server, 100, { uniqueUsers: false });
  for (let round = 1; round <= 2; round += 1) {
    askFor(silent, 0, 10);
    await until('a summary', () => server.summaries.length >= round);
  }
  await silent.close();
  for (const { users } of [...old.summaries, ...server.summaries]) assert.equal(users, undefined);
});

test('an hour that begins is told of everybody anew; what waits is told before', () => {
  const users = new UserTally();
  users.agree(true);
  const meet = (key: string) => users.of('a', 'on')?.meet(key);
  users.take(HOUR_MS);
  meet('one');
  const [first] = users.take(HOUR_MS);
  meet('one');
  assert.deepEqual(users.take(HOUR_MS + 1), []);
  assert.deepEqual(users.take(2 * HOUR_MS), []);
  meet('one');
  assert.deepEqual(users.take(2 * HOUR_MS + 1), [first]);
  meet('two');
  const late = users.take(3 * HOUR_MS);
  users.untold(late);
  assert.deepEqual(users.take(3 * HOUR_MS + 1), late);
});

test('memory and summaries are bounded, whatever is asked for', () => {
  const users = new UserTally();
  users.agree(true);
  for (let flag = 0; flag < MAX_SKETCHES + 10; flag += 1) users.of(`f${flag}`, 'on')?.meet('user');
  const taken = [1, 2, 3, 4].map((now) => users.take(now).length);
  assert.deepEqual(taken, [MAX_SENT, MAX_SENT, MAX_SKETCHES - 2 * MAX_SENT, 0]);
  for (let user = 0; user < 30_000; user += 1) users.of('f1', 'on')?.meet(`user-${user}`);
  const [one] = users.take(5);
  assert.ok((one?.sketch.length ?? 0) <= 2_049);
  users.agree(false);
  assert.equal(users.of('f1', 'on'), undefined);
});

for (const [name, keyAt] of Object.entries({
  'numbered users': (index: number) => `user-${index}`,
  'bare numbers': (index: number) => String(index),
  'e-mail addresses': (index: number) => `person${index}@example.com`,
  'two counters': (index: number) => `${index % 317}/${Math.floor(index / 317)}`,
  'letters outside ASCII': (index: number) => `użytkownik-${index}`,
})) {
  test(`estimates of ${name} are as good as their standard error says, for flags with similar names`, () => {
    for (const users of [30, 1_000, 30_000]) {
      const errors = Array.from({ length: 30 }, (_, flag) => {
        const seeds = userSeedsOf(`flag-${flag}`);
        const registers = emptyRegisters();
        for (let user = 0; user < users; user += 1) {
          hashUser(keyAt(user), seeds);
          observe(registers, userHash[0] ?? 0, userHash[1] ?? 0);
        }
        return estimate(registers) / users - 1;
      });
      const spread = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
      assert.ok(spread < STANDARD_ERROR * 1.5, `${users}: off by ${spread}`);
      const bias = errors.reduce((sum, error) => sum + error, 0) / errors.length;
      assert.ok(Math.abs(bias) < STANDARD_ERROR * 0.8, `${users}: to one side by ${bias}`);
    }
  });
}

test('who shares a percentage is no special crowd: their number is estimated as well as others', () => {
  const seeds = userSeedsOf('checkout');
  const registers = emptyRegisters();
  let users = 0;
  for (let user = 0; user < 100_000; user += 1) {
    if (bucketOf(`user-${user}`, 'checkout') >= 10_000) continue;
    users += 1;
    hashUser(`user-${user}`, seeds);
    observe(registers, userHash[0] ?? 0, userHash[1] ?? 0);
  }
  assert.ok(Math.abs(estimate(registers) / users - 1) < 3 * STANDARD_ERROR);
});

test('whoever a relay answers by itself is told apart for it, except where the answer is an error', () => {
  const users = new UserTally();
  users.agree(true);
  const tally = new AnswerTally(users);
  const on = { flag: 'checkout', variant: 'on', reason: 'STATIC', count: 1 };
  for (const user of ['ann', 'bob', 'ann']) tally.add(on, user);
  tally.add({ ...on, count: 5 });
  tally.add({ flag: 'gone', variant: null, reason: 'ERROR', count: 1 }, 'ann');
  assert.deepEqual(
    tally.take().map(({ flag, count }) => [flag, count]),
    [
      ['checkout', 8],
      ['gone', 1],
    ],
  );
  const [met, ...others] = users.take(0);
  assert.deepEqual([met?.flag, met?.variant, others], ['checkout', 'on', []]);
  assert.equal(Math.round(estimate(readSketch(met?.sketch ?? '') ?? emptyRegisters())), 2);
});
