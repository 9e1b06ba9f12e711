import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonDifference, sameJson } from './json-difference.ts';

test('F12: a difference names exactly the places that changed', () => {
  const before = { enabled: false, rules: [{ id: 'a', serve: 'on' }], tags: ['x'] };
  const after = { enabled: true, rules: [{ id: 'a', serve: 'off' }, { id: 'b' }], tags: ['x'] };
  assert.deepEqual(jsonDifference(before, after), [
    { path: 'enabled', before: false, after: true },
    { path: 'rules[0].serve', before: 'on', after: 'off' },
    { path: 'rules[1]', after: { id: 'b' } },
  ]);
});

test('the order of members does not count, the order of a list does', () => {
  assert.equal(sameJson({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 }), true);
  assert.equal(sameJson({ a: [1, 2] }, { a: [2, 1] }), false);
});

test('null is a value and differs from nothing', () => {
  assert.deepEqual(jsonDifference({ a: null }, {}), [{ path: 'a', before: null }]);
  assert.deepEqual(jsonDifference({}, { a: null }), [{ path: 'a', after: null }]);
});
