import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@spillway/contract';
import { finish } from '@spillway/core';
import { RequestRefused } from '../problem.ts';
import { check } from './check.ts';
import { checkingRecords } from './check-records.ts';

const { body, body_records } = routes.planDefinitions;
const inPieces = (value: unknown) => finish(checkingRecords(body, body_records, value));

function problemsOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    return (error.fields ?? []).map(({ field, message }) => `${field} ${message}`).sort();
  }
  return assert.fail('was not refused');
}

const many = (count: number, made: (index: number) => unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, made(index)]));

test('what is checked in pieces comes out whole, in its order', () => {
  const flags = many(1_234, (index) => ({ description: `Flag ${index}` }));
  const segments = many(77, (index) => ({ name: `Segment ${index}` }));
  for (const value of [
    { definitions: { flags, segments }, prune: true, managed_by: 'shop' },
    { definitions: { flags } },
    { definitions: { flags: {}, segments: {} } },
    { definitions: {} },
  ]) {
    const checked = inPieces(value);
    assert.deepEqual(checked, check(body, value, 'body'));
    assert.equal(JSON.stringify(checked), JSON.stringify(check(body, value, 'body')));
  }
});

test('what is wrong is named as when all is checked at once, and once', () => {
  const flags = many(300, (index) => (index % 50 === 7 ? { descripton: '' } : {}));
  for (const value of [
    { definitions: { flags } },
    { definitions: { flags, segments: { 'No Key': {}, good: { when: 7 } } } },
    { definitions: { flags }, prune: 'yes', fingerprint: 'x' },
    { definitions: { flags, segments: [] }, managed_by: '' },
    { definitions: { flags: 'all', segments: null } },
    { definitions: [] },
    { flags },
    {},
    [],
    'flags',
    null,
  ]) {
    const found = problemsOf(() => inPieces(value));
    assert.deepEqual(
      found,
      problemsOf(() => check(body, value, 'body')),
    );
  }
});

test('a flood of problems ends the checking', () => {
  const steps = checkingRecords(body, body_records, { definitions: { flags: many(5_000, () => 7) } });
  let taken = 0;
  const problems = problemsOf(() => {
    while (steps.next().done !== true) taken += 1;
  });
  assert.equal(problems.length, 20);
  assert.ok(taken < 3, `${taken} steps`);
});
