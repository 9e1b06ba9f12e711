import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { StoreError } from '../store-error.ts';
import { createCommitQueue, MAX_BATCH_BYTES, MAX_BATCH_COMMITS, MAX_WAITING_COMMITS } from './commit-queue.ts';

interface Job {
  readonly name: string;
  readonly bytes: number;
}

const job = (name: string, bytes = 1): Job => ({ name, bytes });

test('what arrives while a batch is written shares the next one, in order', async () => {
  const batches: string[][] = [];
  let finish = (): void => {};
  const queue = createCommitQueue(async (jobs: readonly Job[]) => {
    batches.push(jobs.map(({ name }) => name));
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return jobs.map(({ name }) => `${name} done`);
  });
  const first = queue.add(job('a'));
  await setImmediate();
  const rest = Promise.all([queue.add(job('b')), queue.add(job('c'))]);
  finish();
  assert.equal(await first, 'a done');
  await setImmediate();
  finish();
  assert.deepEqual(await rest, ['b done', 'c done']);
  assert.deepEqual(batches, [['a'], ['b', 'c']]);
});

test('a batch has a limit in commits and in bytes, and a commit above it goes alone', async () => {
  const sizes: number[] = [];
  const queue = createCommitQueue(async (jobs: readonly Job[]) => {
    sizes.push(jobs.length);
    return jobs.map(({ name }) => name);
  });
  await Promise.all(Array.from({ length: MAX_BATCH_COMMITS + 1 }, () => queue.add(job('small'))));
  assert.deepEqual(sizes.splice(0), [MAX_BATCH_COMMITS, 1]);
  const bytes = [1, 2 * MAX_BATCH_BYTES, 1, MAX_BATCH_BYTES / 2, MAX_BATCH_BYTES / 2];
  await Promise.all(bytes.map((size) => queue.add(job('large', size))));
  assert.deepEqual(sizes, [1, 1, 2, 1]);
});

test('a commit that the database chokes on fails alone; its neighbours are written', async () => {
  const queue = createCommitQueue(async (jobs: readonly Job[]) => {
    if (jobs.some(({ name }) => name === 'poison')) throw new Error('cannot be stored');
    return jobs.map(({ name }) => name);
  });
  const answers = await Promise.allSettled(['a', 'poison', 'b'].map((name) => queue.add(job(name))));
  assert.deepEqual(
    answers.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
});

test('a batch whose outcome is unknown is not tried again: it may have been written', async () => {
  let calls = 0;
  const queue = createCommitQueue(async (): Promise<readonly string[]> => {
    calls += 1;
    throw new StoreError('outcome_unknown', 'the connection broke');
  });
  const answers = await Promise.allSettled(['a', 'b'].map((name) => queue.add(job(name))));
  assert.deepEqual(
    answers.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.equal(calls, 1);
});

test('more waiting commits than the limit are refused at once, and the queue goes on', async () => {
  const queue = createCommitQueue(async (jobs: readonly Job[]) => jobs.map(({ name }) => name));
  const waiting = Array.from({ length: MAX_WAITING_COMMITS }, () => queue.add(job('a')));
  await assert.rejects(queue.add(job('too many')), { name: 'StoreError', code: 'busy' });
  await Promise.all(waiting);
  assert.equal(await queue.add(job('later')), 'later');
  await queue.drain();
});
