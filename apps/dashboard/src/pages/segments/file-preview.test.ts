import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HEAD_BYTES, previewOf } from './file-preview.ts';

function ofTable(text: string, column = '') {
  return previewOf(text, { size: text.length, format: 'text/csv', column });
}

function ofLines(text: string, column = '') {
  return previewOf(text, { size: text.length, format: 'application/x-ndjson', column });
}

test('a table shows its columns, where keys come from, and the first of them', () => {
  const text = '\ufeffname,user_id\r\n"Ana, the first",u1\r\n\r\n"said ""hi""",u2\r\n"over\ntwo lines",u3';
  const { columns, column, keys, problem } = ofTable(text);
  assert.deepEqual([columns, column, keys, problem], [['name', 'user_id'], 'user_id', ['u1', 'u2', 'u3'], undefined]);
  assert.deepEqual(ofTable(text, ' name ').keys, ['Ana, the first', 'said "hi"', 'over\ntwo lines']);
});

test('a table without a header, or without the column, says what is missing', () => {
  const headless = ofTable('u1\nu2\n');
  assert.deepEqual([headless.columns, headless.column, headless.keys], [['u1'], undefined, []]);
  assert.equal(headless.problem, 'The first line has no column key, id, user_id or targetingKey.');
  assert.equal(ofTable('id,name\n1,a\n', 'mail').problem, 'The first line has no column “mail”.');
});

test('lines are text, numbers or objects; the first that is none of them is named', () => {
  assert.deepEqual(
    ofLines('"u1"\n7\n{"id":"u3"}\n').problem,
    'Line 3 names no key: text, a number, or an object with key, id, user_id or targetingKey.',
  );
  const { columns, column, keys, rows } = ofLines('{"id":"u1","plan":"pro"}\n\n{"id":2}\n');
  assert.deepEqual([columns, column, keys, rows], [['id', 'plan'], 'id', ['u1', '2'], 2]);
  assert.equal(ofLines('{"id":1}\nu2\n').problem, 'Line 2 is not JSON.');
  assert.deepEqual(ofLines('"u1"\n7\n').keys, ['u1', '7']);
});

test('rows are counted in a short file and estimated of a long one, whose cut line is left out', () => {
  assert.deepEqual([ofTable('id\n1\n2\n3').rows, ofTable('id\n1\n2\n3').isEstimate], [3, false]);
  const line = `${'x'.repeat(63)}\n`;
  const head = `key\n${line.repeat(2_000)}`.slice(0, HEAD_BYTES);
  const { rows, isEstimate, keys } = previewOf(head, { size: 10 * HEAD_BYTES, format: 'text/csv', column: '' });
  assert.equal(isEstimate, true);
  assert.ok(rows > 10_000 && rows < 10_500, String(rows));
  assert.deepEqual(new Set(keys), new Set(['x'.repeat(63)]));
});

test('a file with nothing in it says so', () => {
  for (const text of ['', '\n\n', 'id\n']) assert.equal(ofTable(text).problem, 'There is no line with a key in it.');
  assert.equal(ofLines('').problem, 'There is no line with a key in it.');
});
