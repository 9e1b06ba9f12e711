import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineReader, type Lines, MAX_LINE_BYTES } from './line-reader.ts';

/** One entry a line, whatever pieces it came in. */
function read(bytes: Buffer, cuts: readonly number[]): readonly string[] {
  const reader = new LineReader();
  const found: Lines[] = [];
  let start = 0;
  for (const end of [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    found.push(...reader.push(bytes.subarray(start, end)));
    start = end;
  }
  found.push(...reader.end());
  return found.flatMap((lines) => (lines.is === 'text' ? lines.text.split('\n').slice(0, -1) : [`! ${lines.problem}`]));
}

test('lines come whole and in order, wherever the bytes were cut', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), fc.array(fc.nat()), (texts, cuts) => {
      const lines = texts.map((text) => text.toWellFormed().replaceAll('\n', ' '));
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      assert.deepEqual(read(bytes, cuts), lines);
    }),
  );
});

test('a line that is too long or no UTF-8 is told, and its neighbours are not lost', () => {
  const long = Buffer.from(`a\n${'x'.repeat(MAX_LINE_BYTES * 2)}\nb\n`);
  const cuts = Array.from({ length: 40 }, (_, index) => index * 70_000);
  assert.deepEqual(read(long, cuts), ['a', `! is longer than ${MAX_LINE_BYTES} bytes`, 'b']);
  const latin = Buffer.concat([Buffer.from('a\n'), Buffer.from([0x63, 0xe9, 0x0a]), Buffer.from('é')]);
  assert.deepEqual(read(latin, []), ['a', '! is not UTF-8', 'é']);
  assert.deepEqual(read(Buffer.alloc(0), []), []);
});
