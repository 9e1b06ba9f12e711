import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json, Operator } from '@spillway/evaluator';
import fc from 'fast-check';
import { formatValues, parseValues, parseVariantValue } from './values.ts';

test('F3: numbers, booleans and quoted text are told apart, as the evaluator tells them apart', () => {
  assert.deepEqual(parseValues('in', 'NZ, 42, "42", true, "a, b"'), {
    ok: true,
    value: ['NZ', 42, '42', true, 'a, b'],
  });
  assert.deepEqual(parseValues('greater_than', '10'), { ok: true, value: [10] });
  assert.deepEqual(parseValues('semver_less_than', '2.0.0'), { ok: true, value: ['2.0.0'] });
});

test('F3: a value that the operator cannot use is refused with what it needs', () => {
  assert.deepEqual(parseValues('between', '10'), { ok: false, problem: 'needs two values, as in 10, 20' });
  assert.deepEqual(parseValues('less_than', 'ten'), { ok: false, problem: '"ten" is not a number' });
  assert.deepEqual(parseValues('equals', '  '), { ok: false, problem: 'needs a value' });
  assert.deepEqual(parseValues('exists', ''), { ok: true, value: [] });
});

test('what is shown for editing reads back as the same values', () => {
  const operators: Operator[] = ['in', 'not_in', 'equals', 'not_equals'];
  const value = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.constantFrom('true', 'null', '42', '-1', 'a,b', '"q"', ' x ', 'a"b', '\\'),
    fc.integer(),
    fc.boolean(),
  );
  fc.assert(
    fc.property(fc.constantFrom(...operators), fc.array(value, { minLength: 1, maxLength: 5 }), (operator, drawn) => {
      const values: Json[] = operator.endsWith('equals') ? drawn.slice(0, 1) : drawn;
      assert.deepEqual(parseValues(operator, formatValues(operator, values)), { ok: true, value: values });
    }),
  );
});

test('F1: a variant is read by the type of its flag', () => {
  assert.deepEqual(parseVariantValue('number', '2.5'), { ok: true, value: 2.5 });
  assert.deepEqual(parseVariantValue('number', ''), { ok: false, problem: 'must be a number' });
  assert.deepEqual(parseVariantValue('string', '2.5'), { ok: true, value: '2.5' });
  assert.deepEqual(parseVariantValue('json', '{"a":1}'), { ok: true, value: { a: 1 } });
  assert.equal(parseVariantValue('json', '{').ok, false);
});

test('a number that would become another one is refused, wherever it is typed', () => {
  const lost = '12345678901234567890';
  const refused = [
    parseVariantValue('number', lost),
    parseVariantValue('json', `{"id": ${lost}}`),
    parseValues('in', `1, ${lost}`),
    parseValues('less_than', lost),
    parseValues('between', `1, ${lost}`),
  ];
  for (const parsed of refused) assert.match(parsed.ok ? 'taken' : parsed.problem, /not every digit is kept/);
  assert.deepEqual(parseValues('in', `"${lost}"`), { ok: true, value: [lost] });
  assert.deepEqual(parseVariantValue('json', `{"id": "${lost}"}`), { ok: true, value: { id: lost } });
});
