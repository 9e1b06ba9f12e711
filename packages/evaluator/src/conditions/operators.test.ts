import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { belongsTo, compile, type Json, type Operator } from '../index.ts';
import { segment, snapshot } from '../testing/definitions.ts';

function holds(operator: Operator, value: string, actual: Json): boolean {
  const when = { attribute: 'given', operator, values: [value] };
  return belongsTo(compile(snapshot([], [segment('asked', { when })])), 'asked', { given: actual }, 0);
}

describe('F3: text by its beginning and its end', () => {
  const texts = [
    '',
    'a',
    'g',
    '.org',
    'x.org',
    '.or',
    'org.',
    '.org.',
    '.xxx',
    'org.org',
    'É.org',
    '.örg',
    '😀',
    '\u{dE00}',
  ];

  test('text ends with exactly what it ends with, nothing included', () => {
    for (const end of texts) {
      for (const text of texts) {
        assert.equal(holds('ends_with', end, text), text.endsWith(end), `"${text}" with "${end}" at its end`);
        assert.equal(holds('starts_with', end, text), text.startsWith(end), `"${text}" with "${end}" at its start`);
      }
    }
  });

  test('what is no text neither starts nor ends with anything', () => {
    for (const other of [null, 1, true, ['a'], { a: 'a' }]) {
      for (const text of ['', 'a', '1']) {
        assert.equal(holds('ends_with', text, other), false);
        assert.equal(holds('starts_with', text, other), false);
      }
    }
  });
});
