import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '@spillway/evaluator';
import { changeFlagEnvironment, normaliseFlag } from '../flags/normalise.ts';
import { around, fieldsOf, inProduction, normalised, problems } from '../flags/testing/normalising.ts';
import { collectProblems } from '../problems.ts';
import { mismatchOf } from './meets-schema.ts';
import { checkSchema, type JsonRecord } from './read-schema.ts';

/** Where a value does not meet a schema; undefined when it does. */
function placeOf(value: Json, schema: JsonRecord): string | undefined {
  assert.deepEqual(schemaProblems(schema), []);
  return mismatchOf(value, schema)?.path;
}

function schemaProblems(schema: JsonRecord): readonly string[] {
  const found = collectProblems();
  checkSchema(schema, '', found);
  return found.found.map(({ field }) => field);
}

const BANNER: JsonRecord = {
  type: 'object',
  required: ['title', 'size'],
  additionalProperties: false,
  properties: {
    title: { type: 'string', minLength: 1, maxLength: 20, pattern: '^[A-Z]' },
    size: { $ref: '#/$defs/size' },
    tags: { type: 'array', items: { enum: ['a', 'b'] }, uniqueItems: true, maxItems: 2 },
    link: { anyOf: [{ type: 'null' }, { type: 'string' }] },
  },
  $defs: { size: { type: 'integer', minimum: 1, exclusiveMaximum: 10, multipleOf: 2 } },
};

test('F1: every keyword is heeded, and the place of what does not meet it is named', () => {
  const good = { title: 'Hello', size: 4 };
  assert.equal(placeOf(good, BANNER), undefined);
  assert.equal(placeOf({ ...good, link: null, tags: ['a', 'b'] }, BANNER), undefined);
  const wrong: readonly (readonly [Json, string])[] = [
    ['text', ''],
    [{ title: 'Hello' }, ''],
    [{ ...good, title: '' }, '/title'],
    [{ ...good, title: 'hello' }, '/title'],
    [{ ...good, title: 'X'.repeat(21) }, '/title'],
    [{ ...good, size: 3 }, '/size'],
    [{ ...good, size: 10 }, '/size'],
    [{ ...good, size: 0 }, '/size'],
    [{ ...good, size: 2.5 }, '/size'],
    [{ ...good, tags: ['a', 'c'] }, '/tags/1'],
    [{ ...good, tags: ['a', 'a'] }, '/tags'],
    [{ ...good, tags: ['a', 'b', 'a'] }, '/tags'],
    [{ ...good, link: 7 }, '/link'],
    [{ ...good, 'a/b': 1 }, '/a~1b'],
  ];
  for (const [value, place] of wrong) assert.equal(placeOf(value, BANNER), place, JSON.stringify(value));
});

test('F1: combinations', () => {
  const schema = { oneOf: [{ type: 'number' }, { minimum: 5 }], not: { const: 9 } };
  assert.equal(placeOf(3, schema), undefined);
  assert.equal(placeOf(7, schema), '');
  assert.equal(placeOf('x', schema), undefined);
  const conditional = {
    if: { required: ['a'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: { required: ['b'] },
    else: { maxProperties: 1 },
    allOf: [{ minProperties: 1 }],
  };
  assert.equal(placeOf({ a: 1, b: 1 }, conditional), undefined);
  assert.equal(placeOf({ a: 1 }, conditional), '');
  assert.equal(placeOf({ c: 1, d: 1 }, conditional), '');
  assert.equal(placeOf({}, conditional), '');
  const tuple = { prefixItems: [{ type: 'string' }], items: false };
  assert.equal(placeOf(['a'], tuple), undefined);
  assert.equal(placeOf(['a', 1], tuple), '/1');
  assert.equal(
    placeOf({ constructor: 1 }, { properties: {}, additionalProperties: { type: 'string' } }),
    '/constructor',
  );
  assert.equal(placeOf(0.3, { multipleOf: 0.1 }), undefined);
  assert.equal(placeOf([1, { a: 2 }], { const: [1, { a: 2 }] }), undefined);
});

test('F1: what is no schema, or not one of this part of the standard, is refused where it stands', () => {
  assert.deepEqual(schemaProblems({ type: 'text' }), ['/type']);
  assert.deepEqual(schemaProblems({ properties: { a: { unevaluatedItems: false } } }), [
    '/properties/a/unevaluatedItems',
  ]);
  assert.deepEqual(schemaProblems({ properties: [] }), ['/properties']);
  assert.deepEqual(schemaProblems({ anyOf: [] }), ['/anyOf']);
  assert.deepEqual(schemaProblems({ items: 7 }), ['/items']);
  assert.deepEqual(schemaProblems({ minLength: -1, multipleOf: 0, required: [1] }), [
    '/minLength',
    '/multipleOf',
    '/required',
  ]);
  assert.deepEqual(schemaProblems({ pattern: '(?<=a)b' }), ['/pattern']);
  assert.deepEqual(schemaProblems({ $ref: 'https://example.org/schema' }), ['/$ref']);
  assert.deepEqual(schemaProblems({ $ref: '#/$defs/constructor', $defs: {} }), ['/$ref']);
});

test('a schema that refers to itself, or multiplies, is refused before it is tried', () => {
  assert.deepEqual(schemaProblems({ $ref: '#/$defs/a', $defs: { a: { items: { $ref: '#/$defs/a' } } } }), ['']);
  const $defs = Object.fromEntries(
    Array.from({ length: 30 }, (_, n) => [
      `d${n}`,
      { anyOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
    ]),
  );
  const started = performance.now();
  assert.deepEqual(schemaProblems({ $ref: '#/$defs/d0', $defs: { ...$defs, d30: { type: 'null' } } }), ['']);
  assert.ok(performance.now() - started < 1_000);
});

test('a pattern that would keep a backtracking engine busy for years is answered at once', () => {
  const started = performance.now();
  assert.equal(placeOf(`${'a'.repeat(60_000)}!`, { pattern: '^(a+)+$' }), '');
  assert.ok(performance.now() - started < 2_000);
});

test('F1: variants and served values of a flag meet its schema', () => {
  const flag = {
    type: 'json' as const,
    value_schema: BANNER,
    variants: [
      { name: 'good', value: { title: 'Hello', size: 2 } },
      { name: 'bad', value: { title: 'Hello', size: 'large' } },
    ],
  };
  const outcome = normaliseFlag({ key: 'a', ...flag }, undefined, around());
  const [problem, ...others] = problems(outcome);
  assert.equal(problem?.field, '/variants/1/value/size');
  assert.match(problem?.message ?? '', /must be integer, not string, as the flag's value_schema says/);
  assert.equal(others.length, 0);
  const [good] = flag.variants;
  assert.ok(good);
  const served = inProduction({ fallthrough: { value: { title: 'x', size: 2 } } }, { ...flag, variants: [good] });
  assert.deepEqual(fieldsOf(served), ['/environments/production/fallthrough/value/title']);
  const change = changeFlagEnvironment(
    normalised({ key: 'a', ...flag, variants: [good] }),
    'production',
    { rules: [{ when: { all: [] }, serve: { value: {} } }] },
    around(),
  );
  assert.deepEqual(
    problems(change).map(({ field }) => field),
    ['/rules/0/serve/value'],
  );
});

test('a schema that cannot be used is told once, and no value is held against it', () => {
  const input = inProduction(
    { fallthrough: { value: 1 } },
    { type: 'json', value_schema: { type: 'text' }, variants: [{ name: 'a', value: 1 }] },
  );
  assert.deepEqual(fieldsOf(input), ['/value_schema/type']);
});
