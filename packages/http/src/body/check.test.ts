import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@spillway/contract';
import type { z } from 'zod';
import { RequestRefused } from '../problem.ts';
import { check } from './check.ts';

function fieldsOf(schema: z.ZodType, value: unknown): Readonly<Record<string, string>> {
  try {
    check(schema, value, 'body');
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    return Object.fromEntries((error.fields ?? []).map(({ field, message }) => [field, message]));
  }
  return assert.fail('was not refused');
}

const flag = routes.createFlag.body;

test('unknown fields are each named, however deep', () => {
  const fields = fieldsOf(flag, { key: 'a', colour: 1, environments: { production: { enabled: true, extra: 1 } } });
  assert.deepEqual(Object.keys(fields).sort(), ['/colour', '/environments/production/extra']);
});

test('a wrong type says what it must be and what came', () => {
  const fields = fieldsOf(flag, { key: 7, environments: { production: { enabled: 'yes' } } });
  assert.equal(fields['/key'], 'must be a string, not a number');
  assert.equal(fields['/environments/production/enabled'], 'must be a boolean, not a string');
  assert.equal(fieldsOf(flag, {})['/key'], 'is missing');
  assert.equal(fieldsOf(flag, []).body, 'must be an object, not a list');
  assert.equal(fieldsOf(flag, { key: 'a', value_schema: true })['/value_schema'], 'must be an object, not a boolean');
});

test('bad percentages say their bounds', () => {
  const at = (percentage: unknown) => fieldsOf(routes.updateFlagEnvironment.body, { percentage })['/percentage'];
  assert.equal(at(120), 'must be at most 100');
  assert.equal(at(-1), 'must be at least 0');
  assert.equal(at(0.00001), 'takes at most three decimals');
  assert.equal(at('20'), 'must be a number, not a string');
  assert.equal(at(null), 'must be a number, not null');
  assert.match(String(at(Number.POSITIVE_INFINITY)), /number/);
});

test('of several forms, the one that was meant is explained', () => {
  const fields = fieldsOf(routes.updateFlagEnvironment.body, {
    fallthrough: { split: [{ variant: 'on', percentage: 120 }] },
    rules: [{ when: { all: [{ attribute: 'country', operator: 'likes', values: [] }] }, serve: { variant: 'on' } }],
  });
  assert.equal(fields['/fallthrough/split/0/percentage'], 'must be at most 100');
  assert.match(String(fields['/rules/0/when/all/0/operator']), /^must be one of "equals"/);
  assert.equal(Object.keys(fields).length, 2);
});

test('only the form that was meant is tried: ten thousand crooked conditions are refused in a moment', () => {
  const inner = { all: Array.from({ length: 100 }, () => ({})) };
  const when = { all: Array.from({ length: 100 }, () => inner) };
  const started = process.threadCpuUsage();
  const fields = fieldsOf(routes.updateFlagEnvironment.body, { rules: [{ when, serve: {} }] });
  const { user, system } = process.threadCpuUsage(started);
  // Of the processor, because what else the machine does is not the check's doing.
  assert.ok((user + system) / 1_000 < 1_000, `${(user + system) / 1_000} ms`);
  assert.equal(Object.keys(fields).length, 20);
  assert.match(String(fields['/rules/0/when/all/0/all/0/operator']), /^must be one of/);
  assert.equal(
    fieldsOf(routes.updateFlagEnvironment.body, { rules: [{ when: 7, serve: {} }] })['/rules/0/when'],
    'must be an object, not a number',
  );
});

test('names that cannot be names are refused where they stand', () => {
  const fields = fieldsOf(flag, { key: 'Not A Key', environments: { 'PRODUCTION!': {} } });
  assert.match(String(fields['/key']), /1 to 128/);
  assert.match(String(fields['/environments/PRODUCTION!']), /valid name here: it must be 1 to 128 of a-z/);
  const version = {
    name: 'v1',
    command: ['run\0'],
    directory: '\0',
    env: { 'A-B': '', A: '\0' },
    health: { path: '/a b' },
  };
  const stage = {
    key: 'a',
    service: 's',
    version,
    strategy: { kind: 'canary', steps: [{ percentage: 9, bake_ms: 1 }] },
  };
  const plan = fieldsOf(routes.applyRollout.body, { plan: { key: 'r', environment: 'e', stages: [stage] } });
  const at = '/plan/stages/0/version';
  assert.equal(plan[`${at}/env/A-B`], 'is not a valid name here: it must be A-Z a-z 0-9 _, not starting with a digit');
  assert.match(String(plan[`${at}/health/path`]), /without spaces/);
  for (const field of ['command/0', 'directory', 'env/A'])
    assert.equal(plan[`${at}/${field}`], 'must not hold a NUL character');
});

test('a flood of problems is cut', () => {
  const fields = fieldsOf(flag, Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`field${n}`, n])));
  assert.equal(Object.keys(fields).length, 20);
});
