import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '@spillway/evaluator';
import fc from 'fast-check';
import { compare } from './compare.ts';

const rule = (id: string, variant: string) => ({ id, serve: { variant } });

test('F12: only what differs is told, with its place', () => {
  const before = { key: 'a', owner: 'ann', tags: ['x'], variants: [{ name: 'on', value: true }] };
  const after = { key: 'a', description: 'new', tags: ['x', 'y'], variants: [{ name: 'on', value: false }] };
  assert.deepEqual(compare(before, after), [
    { path: '/owner', before: 'ann' },
    { path: '/tags', before: ['x'], after: ['x', 'y'] },
    { path: '/variants/0/value', before: true, after: false },
    { path: '/description', after: 'new' },
  ]);
});

test('F12: a rule that was put in front leaves the others as they are', () => {
  const before = { rules: [rule('one', 'on'), rule('two', 'off')] };
  const after = { rules: [rule('new', 'on'), rule('one', 'on'), rule('two', 'on')] };
  assert.deepEqual(compare(before, after), [
    { path: '/rules/0', after: rule('new', 'on') },
    { path: '/rules/2/serve/variant', before: 'off', after: 'on' },
  ]);
});

test('F12: rules in another order are one difference', () => {
  const before = { rules: [rule('one', 'on'), rule('two', 'off')] };
  const after = { rules: [rule('two', 'off'), rule('one', 'on')] };
  assert.deepEqual(compare(before, after), [{ path: '/rules', before: ['one', 'two'], after: ['two', 'one'] }]);
});

test('entries that nothing tells apart are compared by their place', () => {
  const before = { steps: [{ from: 'a' }, { from: 'b' }] };
  assert.deepEqual(compare(before, { steps: [{ from: 'a' }, { from: 'c' }, { from: 'd' }] }), [
    { path: '/steps/1/from', before: 'b', after: 'c' },
    { path: '/steps/2', after: { from: 'd' } },
  ]);
  const twice = [
    { variant: 'on', keys: ['a'] },
    { variant: 'on', keys: ['b'] },
  ];
  assert.deepEqual(compare(twice, twice.slice(0, 1)), [{ path: '/1', before: { variant: 'on', keys: ['b'] } }]);
});

test('names of the language are names like others', () => {
  assert.deepEqual(compare({ constructor: 1 }, {}), [{ path: '/constructor', before: 1 }]);
});

test('documents differ exactly when something is told', () => {
  const seed = 20_261_125;
  const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
  fc.assert(
    fc.property(json, json, (before, after) => {
      assert.deepEqual(compare(before, structuredClone(before)), []);
      const same = JSON.stringify(sorted(before)) === JSON.stringify(sorted(after));
      assert.equal(compare(before, after).length === 0, same);
    }),
    { seed, numRuns: 300 },
  );
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value;
  return Object.entries(value)
    .map(([name, inner]) => [name, sorted(inner)] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
}
