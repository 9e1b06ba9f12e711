import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entriesInReach } from './flag-changes.ts';

test('a number of a version means the newest life of a flag that was deleted and made anew', () => {
  const entries = [
    { seq: 9, version: 2, after: {} },
    { seq: 8, version: 1, after: {} },
    { seq: 7, version: 4, after: null },
    { seq: 6, version: 3, after: {} },
    { seq: 5, version: 2, after: {} },
    { seq: 4, version: 1, after: {} },
  ];
  assert.deepEqual([...entriesInReach(entries)], [9, 8, 6]);
});
