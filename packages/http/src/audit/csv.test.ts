import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CSV_HEADER, cell, csvRow } from './csv.ts';

test('what a spreadsheet would run stays text', () => {
  for (const formula of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =cmd|calc', '"=1"', "'=1", '|x']) {
    assert.match(cell(formula), /^"?'/, formula);
  }
  assert.equal(cell('plain words'), 'plain words');
  assert.equal(cell(-5), '-5');
});

test('commas, quotes and line ends stay in their cell', () => {
  assert.equal(cell('a,b'), '"a,b"');
  assert.equal(cell('say "yes"'), '"say ""yes"""');
  assert.equal(cell('two\nlines'), '"two\nlines"');
});

test('a row has the cells that the header names', () => {
  const row = csvRow({
    project: 'default',
    seq: 7,
    at_ms: Date.UTC(2026, 10, 25),
    actor: 'token:ann',
    action: 'flag.updated',
    noun: 'flags',
    key: 'checkout',
    reason: '=HYPERLINK("http://x")',
    version: 2,
    before: null,
    after: { key: 'checkout' },
    because: null,
    previous_hash: 'a',
    hash: 'b',
    summary: 'production: turned on, +rule',
  });
  assert.equal(
    row,
    `7,2026-11-25T00:00:00.000Z,token:ann,flag.updated,flags,checkout,2,"'=HYPERLINK(""http://x"")",,"{""key"":""checkout""}",,a,b,"production: turned on, +rule"\r\n`,
  );
  assert.equal(CSV_HEADER.split(',').length, 14);
});
