import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogEntry } from '@spillway/core';
import { createTestClock, createTestLog, createTestStore } from '../../testing/start-control.ts';
import type { Store } from '../ports/index.ts';
import { createLogFollower } from './log-follower.ts';

async function append(store: Store, key: string): Promise<readonly LogEntry[]> {
  const outcome = await store.commit({
    project: 'default',
    at_ms: 1,
    actor: 'system',
    reason: '',
    writes: [{ noun: 'flags', key, expected: 0, after: { key }, action: 'flag.created' }],
  });
  assert.equal(outcome.is, 'committed');
  return outcome.is === 'committed' ? outcome.entries : [];
}

function follow(store: Store) {
  const log = createTestLog();
  const follower = createLogFollower({ store, clock: createTestClock(), log, project: 'default' });
  const heard: number[] = [];
  follower.add(({ seq }) => heard.push(seq));
  return { follower, heard, log };
}

test('entries are handed on once and in order, however the commits that made them come back', async (t) => {
  const store = createTestStore();
  const { follower, heard } = follow(store);
  t.after(() => follower.stop());
  await append(store, 'before');
  await follower.start(0);
  const one = await append(store, 'one');
  const two = await append(store, 'two');
  const three = await append(store, 'three');
  const four = await append(store, 'four');
  await Promise.all([follower.committed(three), follower.committed(two), follower.committed(four)]);
  await follower.committed(one);
  await follower.committed(three);
  assert.deepEqual(heard, [1, 2, 3, 4, 5]);
  assert.equal(follower.position, 5);
});

test('when a commit is answered, everything up to it was handed on', async (t) => {
  const store = createTestStore();
  const { follower, heard } = follow(store);
  t.after(() => follower.stop());
  await follower.start(0);
  await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const entries = await append(store, `flag-${index}`);
      await new Promise((resolve) => setTimeout(resolve, (index * 7) % 11));
      await follower.committed(entries);
      assert.ok(heard.includes(entries[0]?.seq ?? 0));
    }),
  );
  assert.deepEqual(
    heard,
    Array.from({ length: 50 }, (_, index) => index + 1),
  );
});

test('a store that cannot be read for a while costs time, no entry and no write', async (t) => {
  const store = createTestStore();
  let down = false;
  const flaky: Store = {
    ...store,
    async entries(project, filter) {
      if (down) throw new Error('disk gone');
      return store.entries(project, filter);
    },
  };
  const { follower, heard, log } = follow(flaky);
  t.after(() => follower.stop());
  await follower.start(0);
  down = true;
  await append(store, 'of another replica');
  await follower.committed(await append(store, 'ours'));
  assert.deepEqual(heard, []);
  assert.equal(log.lines.length, 1);
  down = false;
  await follower.catchUp();
  assert.deepEqual(heard, [1, 2]);
});

test('a handler that throws is logged and harms no other', async (t) => {
  const store = createTestStore();
  const log = createTestLog();
  const follower = createLogFollower({ store, clock: createTestClock(), log, project: 'default' });
  t.after(() => follower.stop());
  const heard: number[] = [];
  follower.add(() => {
    throw new Error('bad handler');
  });
  follower.add(({ seq }) => heard.push(seq));
  await follower.start(0);
  await follower.committed(await append(store, 'a'));
  assert.deepEqual(heard, [1]);
  assert.equal(log.lines.length, 1);
});
