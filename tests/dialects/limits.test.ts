import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { imported } from './importing.ts';

const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));
const off = {
  version: 1,
  on: true,
  salt: 's',
  offVariation: 0,
  fallthrough: { variation: 0 },
  variations: ['a', 'b', 'c'],
};
const user = (key: string) => ({ kind: 'user', key });

describe('S6: large definitions', () => {
  test('rules that follow one another and serve the same are one where there are too many, in their order', async () => {
    const rules = many(301, (index) => ({
      clauses: [{ attribute: 'key', op: 'in', values: [`user-${index}`, `user-${index + 1}`] }],
      variation: index < 150 ? 1 : 2,
    }));
    const { ask } = await imported('launchdarkly', { flags: { f: { ...off, key: 'f', rules } }, segments: {} });
    assert.deepEqual(
      ['user-0', 'user-149', 'user-150', 'user-151', 'user-301', 'user-302'].map((key) => ask('f', user(key))),
      ['b', 'b', 'b', 'c', 'c', 'a'],
    );
  });

  test('expressions of flagd may choose as often, and nest as deep, as people write them', async () => {
    const is = (index: number) => ({ '==': [{ var: 'x' }, index] });
    const flag = (targeting: object) => ({
      state: 'ENABLED',
      variants: { on: 1, off: 2 },
      defaultVariant: 'off',
      targeting,
    });
    const flags = {
      long: flag({ if: [...many(250, (index) => [is(index), 'on']).flat(), 'off'] }),
      deep: flag(
        many(40, (index) => index).reduce<object>(
          (inner, index) => ({ if: [{ '>': [{ var: 'x' }, index] }, inner, 'off'] }),
          { if: [{ var: 'x' }, 'on', 'off'] },
        ),
      ),
    };
    const { ask } = await imported('flagd', { flags });
    assert.deepEqual([ask('long', { x: 249 }), ask('long', { x: 250 })], [1, 2]);
    assert.deepEqual([ask('deep', { x: 41 }), ask('deep', { x: 39 })], [1, 2]);
  });

  test('GrowthBook features may have a hundred rules of their own', async () => {
    const rules = many(150, (index) => ({ condition: { id: `user-${index}` }, force: index % 50 }));
    const { ask } = await imported('growthbook', { features: { f: { defaultValue: -1, rules } } });
    assert.deepEqual([ask('f', { id: 'user-149' }), ask('f', { id: 'nobody' })], [49, -1]);
  });

  test('a flag that requires more than a flag may is refused, and all others are carried', async () => {
    const required = many(60, (index) => [`flag-${index}`, { ...off, key: `flag-${index}` }] as const);
    const prerequisites = required.map(([key]) => ({ key, variation: 0 }));
    const flags = { ...Object.fromEntries(required), above: { ...off, key: 'above', prerequisites } };
    const { report } = await imported('launchdarkly', { flags, segments: {} });
    assert.equal(report.carried.length, 60);
    assert.deepEqual(report.refused, [{ flag: 'above', reason: 'it does not fit: it requires more than 50 flags' }]);
  });
});
