import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ago, duration } from './time.ts';

test('durations are told in their two largest units', () => {
  assert.equal(duration(850), '850 ms');
  assert.equal(duration(12_000), '12 s');
  assert.equal(duration(252_000), '4 min 12 s');
  assert.equal(duration(3_600_000), '1 h');
  assert.equal(duration(90_061_000), '1 d 1 h');
  assert.equal(duration(-5), '0 ms');
});

test('ages are told in one unit', () => {
  assert.equal(ago(0, 5_000), 'just now');
  assert.equal(ago(0, 59_000), '59 s ago');
  assert.equal(ago(0, 3_600_000), '1 h ago');
  assert.equal(ago(0, 5 * 86_400_000), '5 d ago');
});
