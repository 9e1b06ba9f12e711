import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterOf } from './filter.ts';

const NONE = { noun: '', key: '', actor: '', environment: '', search: '', from: '', to: '' };

test('what the address leaves out is not asked for, and what makes no sense neither', () => {
  assert.deepEqual(filterOf(NONE), {});
  assert.deepEqual(filterOf({ ...NONE, noun: 'nonsense', from: 'yesterday', to: '2026-11' }), {});
  assert.deepEqual(filterOf({ ...NONE, noun: 'flags', key: 'a', actor: 'ann', environment: 'staging', search: 'x' }), {
    noun: 'flags',
    key: 'a',
    actor: 'ann',
    environment: 'staging',
    search: 'x',
  });
});

test('the last day is included', () => {
  const { from = '', to = '' } = filterOf({ ...NONE, from: '2026-11-30', to: '2026-11-30' });
  assert.equal(Date.parse(to) - Date.parse(from), 24 * 60 * 60_000);
  assert.equal(new Date(from).getDate(), 30);
});
