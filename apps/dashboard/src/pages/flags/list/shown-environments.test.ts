import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Environment } from '../../../documents.ts';
import { divide, readWanted } from './shown-environments.ts';

const environment = (key: string, isProtected = false) => ({ key, protected: isProtected }) as Environment;
const ALL = [environment('dev'), environment('qa'), environment('eu', true), environment('us', true)];
const keys = (environments: readonly Environment[]) => environments.map(({ key }) => key);

test('where users are is shown before all others, in the order that environments have', () => {
  const { shown, others } = divide(ALL, [], 3);
  assert.deepEqual(keys(shown), ['dev', 'eu', 'us']);
  assert.deepEqual(keys(others), ['qa']);
  assert.deepEqual(keys(divide(ALL, [], 4).others), []);
});

test('production is shown before other protected environments, even if it comes later', () => {
  const all = [environment('eu', true), environment('production', true)];
  assert.deepEqual(keys(divide(all, [], 1).shown), ['production']);
});

test('who wants some sees those and no more, as far as there is room', () => {
  assert.deepEqual(keys(divide(ALL, ['qa'], 3).shown), ['qa']);
  assert.deepEqual(keys(divide(ALL, ['qa'], 3).others), ['dev', 'eu', 'us']);
  assert.deepEqual(keys(divide(ALL, ['dev', 'qa', 'us'], 2).shown), ['dev', 'us']);
});

test('a wanted environment that is gone is as if nobody had wanted it', () => {
  assert.deepEqual(keys(divide(ALL, ['gone'], 2).shown), ['eu', 'us']);
});

test('what was kept and cannot be read wants nothing', () => {
  assert.deepEqual(readWanted(null), []);
  assert.deepEqual(readWanted('{'), []);
  assert.deepEqual(readWanted('{"a":1}'), []);
  assert.deepEqual(readWanted('["qa",1]'), ['qa']);
});
