import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentWords } from './percent-words.ts';

test('a share is never said to be nothing or everything when it is not', () => {
  assert.deepEqual([0, 0.01, 0.25, 9.96, 12.4, 99.5, 99.95, 100].map(percentWords), [
    '0 %',
    '< 0.1 %',
    '0.3 %',
    '10.0 %',
    '12 %',
    '99.5 %',
    '> 99.9 %',
    '100 %',
  ]);
});
