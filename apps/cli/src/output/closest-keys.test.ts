import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closestKeys } from './closest-keys.ts';

const KNOWN = ['new-checkout', 'old-checkout', 'checkout', 'banner', 'x', 'prices'];

test('the keys that are like a misspelt one are named, closest first', () => {
  assert.deepEqual(closestKeys('new-chekout', KNOWN), ['new-checkout'], 'what is much less like it is left out');
  assert.deepEqual(closestKeys('New-Checkout', KNOWN), ['new-checkout']);
  assert.deepEqual(closestKeys('ned-checkout', KNOWN), ['new-checkout', 'old-checkout']);
  assert.deepEqual(closestKeys('bnaner', KNOWN), ['banner'], 'two letters swapped are one mistake');
  assert.deepEqual(closestKeys('check', KNOWN), ['checkout', 'new-checkout', 'old-checkout'], 'a part of the key');
});

test('nothing is suggested that nobody can have meant', () => {
  assert.deepEqual(closestKeys('payments-v2', KNOWN), []);
  assert.deepEqual(closestKeys('', KNOWN), ['x']);
  assert.deepEqual(closestKeys('new-checkout'.repeat(20), KNOWN), []);
  assert.deepEqual(closestKeys('new-checkout', []), []);
});
