import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Snapshot } from '@spillway/evaluator';
import { answersFrom } from '../index.ts';
import { createTestClient } from './index.ts';

const ann = { targetingKey: 'ann' };

test('P3: flags answer what a test sets, at once, and listeners hear of it', () => {
  const flags = createTestClient({ 'new-checkout': false, colour: 'red', limit: 3, menu: { items: ['a'] } });
  const heard: string[] = [];
  flags.on('change', ({ flags: keys }) => heard.push(...keys));
  assert.equal(flags.boolean('new-checkout', ann, true), false);
  assert.deepEqual([flags.string('colour', ann, ''), flags.number('limit', ann, 0)], ['red', 3]);
  assert.deepEqual(flags.json('menu', ann, null), { items: ['a'] });
  flags.set('new-checkout', true);
  assert.equal(flags.boolean('new-checkout', ann, false), true);
  assert.equal(flags.details('new-checkout', ann, false).flagMetadata.configuration, 2);
  flags.remove('colour');
  assert.equal(flags.details('colour', ann, 'code').errorCode, 'FLAG_NOT_FOUND');
  assert.deepEqual(heard, ['new-checkout', 'colour']);
});

test('P3: a flag answers differently for those a test names', () => {
  const flags = createTestClient({ colour: 'red' });
  flags.set('colour', 'blue', { targetingKeys: ['ann'] });
  flags.set('colour', 'green', { targetingKeys: ['ann', 'bob'] });
  assert.deepEqual(
    ['ann', 'bob', 'eve'].map((targetingKey) => flags.string('colour', { targetingKey }, '')),
    ['green', 'green', 'red'],
  );
});

test('P3: the wrong kind of value does not compile, and the wrong kind of question gets its fallback', () => {
  const flags = createTestClient({ colour: 'red' });
  // @ts-expect-error a flag of text takes no number
  flags.set('colour', 3);
  assert.equal(flags.details('colour', ann, 'x').errorCode, 'TYPE_MISMATCH');
});

test('P3: the guard runs one of two, and nothing when the flag does not answer', () => {
  const flags = createTestClient({ on: true, off: false });
  const run = (key: string) =>
    flags.withFeature(
      key,
      ann,
      () => 'new',
      () => 'old',
    );
  assert.deepEqual([run('on'), run('off'), run('missing')], ['new', 'old', 'old']);
  assert.equal(
    flags.withFeature('missing', ann, () => assert.fail('it ran')),
    undefined,
  );
});

test('P3: a client under test is ready from the start and says when it was closed', async () => {
  const flags = createTestClient({});
  const heard: string[] = [];
  flags.on('status', ({ is }) => heard.push(is));
  assert.equal((await flags.initialize()).is, 'ready');
  await flags.close();
  await flags.close();
  assert.deepEqual([flags.status().is, heard], ['closed', ['closed']]);
});

test('P3: one answer from a snapshot, without a server; an unreadable one is the default with a warning', () => {
  const snapshot: Snapshot = {
    format: 'spillway.snapshot/1',
    project: 'default',
    environment: 'production',
    number: 9,
    flags: {},
    segments: {},
    switches: {},
  };
  const warnings: string[] = [];
  const log = (_: string, message: string) => warnings.push(message);
  assert.deepEqual(answersFrom(JSON.stringify(snapshot), { log }).details('x', ann, 1), {
    flagKey: 'x',
    value: 1,
    reason: 'ERROR',
    errorCode: 'FLAG_NOT_FOUND',
    errorMessage: 'no flag has this key here',
    flagMetadata: { configuration: 9 },
  });
  assert.equal(warnings.length, 0);
  for (const broken of [undefined, '', '{', 3, { ...snapshot, flags: 'none' }]) {
    assert.equal(answersFrom(broken, { log }).details('x', ann, 1).errorCode, 'PROVIDER_NOT_READY');
  }
  assert.equal(warnings.length, 5);
});
