import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { checkAgainst } from '../field-problems.ts';
import { definitionsSchema } from './json-schema.ts';
import { definitionsFile } from './schemas.ts';

const validate = new Ajv({ strict: false, allErrors: true, formats: { 'date-time': true } }).compile(
  definitionsSchema(),
);

const file = (flags: unknown, more: object = {}) => ({
  apiVersion: 'spillway/v1',
  kind: 'Definitions',
  flags,
  ...more,
});

test('every property of the published schema says what it means', () => {
  const silent: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (name === 'properties') {
        for (const [property, schema] of Object.entries(inner as object)) {
          if (typeof (schema as { description?: unknown }).description !== 'string') silent.push(`${path}/${property}`);
        }
      }
      walk(inner, `${path}/${name}`);
    }
  };
  const schema = definitionsSchema();
  assert.equal(schema.$schema, 'http://json-schema.org/draft-07/schema#');
  walk(schema, '');
  assert.deepEqual(silent, [], 'say what they mean in descriptions.ts');
});

test('what a property means is said of where it stands', () => {
  const texts = JSON.stringify(definitionsSchema());
  for (const [property, beginning, count] of [
    ['kind', 'Definitions: flags', 1],
    ['kind', 'How the flag is meant', 2],
    ['type', 'rule_based, composite', 2],
    ['value', 'The value that must be served', 1],
  ] as const) {
    const found = texts.split(`"${property}":{"description":"${beginning}`).length - 1;
    assert.equal(found, count, `${property}: ${beginning}`);
  }
});

test('the schema in the documentation is the one that is made from the code', () => {
  const path = new URL('../../../../docs/reference/definitions.schema.json', import.meta.url);
  const committed: unknown = JSON.parse(readFileSync(path, 'utf8'));
  const remedy = 'run: npx spillway schema > docs/reference/definitions.schema.json';
  assert.deepEqual(committed, JSON.parse(JSON.stringify(definitionsSchema())), remedy);
});

test('the published schema and the one that checks agree on what is a file', () => {
  const good = [
    file({ 'new-checkout': {} }),
    file([{ key: 'new-checkout', all_environments: { enabled: true, percentage: 10 } }]),
    file({ a: { environments: { production: { rules: [{ when: { all: [] }, serve: { variant: 'on' } }] } } } }),
    { apiVersion: 'spillway/v1', kind: 'Tests', tests: [{ flag: 'a', context: {}, expect: { value: true } }] },
  ];
  const bad = [
    file({ 'New Checkout': {} }),
    file({ a: { environments: { production: { enabled: 'yes' } } } }),
    file({ a: { colour: 'red' } }),
    file([{ type: 'boolean' }]),
    file({}, { apiVersion: 'spillway/v2' }),
    { apiVersion: 'spillway/v1', kind: 'Tests', tests: [] },
  ];
  for (const value of good) {
    assert.ok(validate(value), JSON.stringify(validate.errors));
    assert.ok(checkAgainst(definitionsFile, value, 5).ok, JSON.stringify(value));
  }
  for (const value of bad) {
    assert.ok(!validate(value), `the published schema takes ${JSON.stringify(value)}`);
    assert.ok(!checkAgainst(definitionsFile, value, 5).ok, `the checking schema takes ${JSON.stringify(value)}`);
  }
});
