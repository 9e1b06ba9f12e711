import assert from 'node:assert/strict';
import { test } from 'node:test';
import { environmentChanges } from '@spillway/core/wording';
import type { FlagEnvironment } from '../../documents.ts';
import { changedFields, collisions, patchOf, rebase } from './environment-changes.ts';

const rule = (id: string, variant = 'on') => ({
  id,
  when: { all: [{ attribute: 'country', operator: 'in' as const, values: ['NZ'] }] },
  serve: { variant },
});

const base: FlagEnvironment = {
  enabled: false,
  off_variant: 'off',
  targets: [],
  rules: [rule('a'), rule('b')],
  fallthrough: { variant: 'off' },
  bucketing: { algorithm: 'spillway-1', by: 'targetingKey', seed: 'checkout' },
};

test('F7: only the fields that differ are sent', () => {
  const draft: FlagEnvironment = { ...base, enabled: true, rules: [rule('a'), rule('b')] };
  assert.deepEqual(patchOf(base, draft), { enabled: true });
  assert.deepEqual(changedFields(base, { ...base }), []);
});

test('a review says in words what changes, rules by their name', () => {
  const draft: FlagEnvironment = {
    ...base,
    rules: [rule('b', 'off'), rule('c')],
    fallthrough: {
      split: [
        { variant: 'on', percentage: 12.5 },
        { variant: 'off', percentage: 87.5 },
      ],
    },
  };
  assert.deepEqual(environmentChanges(base, draft), [
    { name: 'Rule a removed', before: 'if country is one of “NZ”, serve on' },
    {
      name: 'Rule b',
      before: 'if country is one of “NZ”, serve on',
      after: 'if country is one of “NZ”, serve off',
    },
    { name: 'Rule c added at place 2', after: 'if country is one of “NZ”, serve on' },
    { name: 'Everyone else gets', before: 'off', after: '12.5 % on · 87.5 % off' },
  ]);
});

test('changing places alone is a change', () => {
  assert.deepEqual(environmentChanges(base, { ...base, rules: [rule('b'), rule('a')] }), [
    { name: 'Order of rules', before: 'a → b', after: 'b → a' },
  ]);
});

test('after a stale write, mine on top of theirs keeps both where they do not touch', () => {
  const mine: FlagEnvironment = { ...base, fallthrough: { variant: 'on' } };
  const theirs: FlagEnvironment = { ...base, enabled: true };
  assert.deepEqual(collisions(base, mine, theirs), []);
  assert.deepEqual(rebase(base, mine, theirs), { ...base, enabled: true, fallthrough: { variant: 'on' } });
});

test('after a stale write, fields that both changed are named', () => {
  const mine: FlagEnvironment = { ...base, fallthrough: { variant: 'on' } };
  const theirs: FlagEnvironment = {
    ...base,
    fallthrough: {
      split: [
        { variant: 'on', percentage: 5 },
        { variant: 'off', percentage: 95 },
      ],
    },
  };
  assert.deepEqual(collisions(base, mine, theirs), ['fallthrough']);
  assert.deepEqual(rebase(base, mine, theirs).fallthrough, { variant: 'on' });
});
