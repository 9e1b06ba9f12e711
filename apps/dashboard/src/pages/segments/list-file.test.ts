import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatOf, keysIn, sizeWords } from './list-file.ts';

test('a file is read as what its name says', () => {
  assert.equal(formatOf('vips.CSV'), 'text/csv');
  assert.equal(formatOf('vips.jsonl'), 'application/x-ndjson');
  assert.equal(formatOf('vips.ndjson'), 'application/x-ndjson');
  assert.equal(formatOf('vips'), 'text/csv');
});

test('typed keys are taken apart, each once', () => {
  assert.deepEqual(keysIn(' a, b\n\nb\r\nc '), ['a', 'b', 'c']);
  assert.deepEqual(keysIn(''), []);
});

test('sizes are said as people say them', () => {
  assert.deepEqual([0, 999, 1_234, 12_345_678].map(sizeWords), ['0 B', '999 B', '1.2 kB', '12 MB']);
});
