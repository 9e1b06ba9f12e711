import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { belongsTo, compile, type Json, type Operator } from '../index.ts';
import { segment, snapshot } from '../testing/definitions.ts';

function holds(operator: Operator, value: Json | readonly Json[], actual: Json, more: object = {}): boolean {
  const when = { attribute: 'given', operator, values: Array.isArray(value) ? value : [value], ...more };
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

describe('F3: numbers that JSON does not have', () => {
  const none = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

  test('compare as nothing, by no operator, negative ones included', () => {
    for (const actual of none) {
      for (const operator of ['equals', 'not_equals', 'in', 'not_in', 'contains', 'not_contains'] as const) {
        assert.equal(holds(operator, 5, actual), false, `${actual} ${operator}`);
      }
      for (const operator of ['greater_than', 'greater_or_equal', 'less_than', 'less_or_equal'] as const) {
        assert.equal(holds(operator, 5, actual), false, `${actual} ${operator}`);
      }
      assert.equal(holds('between', [-5, 5], actual), false);
      assert.equal(holds('before', 5, actual) || holds('after', 5, actual), false);
      assert.equal(holds('not_in', [1, 2, 3, 4], actual), false);
      assert.equal(holds('exists', [], actual), true);
    }
  });

  test('minus zero is zero', () => {
    for (const [one, other] of [
      [0, -0],
      [-0, 0],
    ] as const) {
      assert.equal(holds('equals', one, other), true);
      assert.equal(holds('not_equals', one, other), false);
      for (const more of [[], [7], [7, 8], [7, 8, 9]]) assert.equal(holds('in', [one, ...more], other), true);
      assert.equal(holds('contains', one, [other]), true);
      assert.equal(holds('less_than', one, other) || holds('greater_than', one, other), false);
    }
  });
});

describe('F3: upper and lower case aside', () => {
  const cases = { ignore_case: true };

  test('a sigma is one wherever it stands in a word', () => {
    assert.equal(holds('starts_with', 'ΟΔΥΣ', 'Οδυσσεύς', cases), true);
    assert.equal(holds('contains', 'ς', 'ΣΑΣ', cases), true);
    assert.equal(holds('equals', 'ΟΔΟΣ', 'οδοσ', cases), true);
    assert.equal(holds('in', ['ΟΔΟΣ'], 'οδος', cases), true);
    assert.equal(holds('contains', 'ΟΔΟΣ', ['οδοσ'], cases), true);
    assert.equal(holds('equals', 'οδος', 'οδοσ'), false, 'case counts');
  });

  test('letters without a partner, other types and elements of lists are what they were', () => {
    assert.equal(holds('equals', 'STRASSE', 'straße', cases), false);
    assert.equal(holds('equals', 'İ', 'i\u0307', cases), true);
    assert.equal(holds('equals', 'İ', 'i', cases), false);
    assert.equal(holds('in', ['X', 7, true], 7, cases), true);
    assert.equal(holds('in', ['X', 7, true], 'x', cases), true);
    assert.equal(holds('contains', 7, [7, 'X'], cases), true);
    assert.equal(holds('not_contains', 'x', [7, 'X'], cases), false);
  });
});
