import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Json } from '../index.ts';
import { holds, type Written } from '../testing/imported.ts';

const is = (value: string) => ({ user: { attribute: 'Email', comparator: 'one_of', value: [value] } });

describe('what is put together of tests', () => {
  const cases = (otherwise: Json) => ({
    first: [
      { when: [is('a')], is: true },
      { when: [is('b')], is: false },
      { when: [is('c'), is('d')], is: true },
      { when: [{ first: [{ when: [is('e')], is: true }] }], is: true },
      { when: [is('f')] },
    ],
    otherwise,
  });
  const held = (otherwise: Json) => (email: string) => holds('configcat', cases(otherwise), { email });

  test('is what the first says whose tests all hold, and otherwise what it says then', () => {
    const asked = ['a', 'b', 'c', 'd', 'e', 'f', 'x'];
    assert.deepEqual(asked.map(held(true)), [true, false, true, true, true, false, true]);
    assert.deepEqual(asked.map(held(false)), [true, false, false, false, true, false, false]);
    assert.deepEqual(asked.map(held('true')), asked.map(held(false)));
  });

  test('is what all, any or none of a clause of LaunchDarkly say', () => {
    const named = (...values: readonly Json[]) => ({ kind: 'user', path: ['name'], op: 'in', values });
    const asked = (written: Written) =>
      ['a', 'b', 'c'].map((name) => holds('launchdarkly', written, { kind: 'user', key: 'k', name }));
    assert.deepEqual(asked({ all: [named('a', 'b'), named('b', 'c')] }), [false, true, false]);
    assert.deepEqual(asked({ any: [named('a'), named('c')] }), [true, false, true]);
    assert.deepEqual(asked({ not: named('a') }), [false, true, true]);
    assert.deepEqual(asked({ not: { any: [{ all: [named('a')] }, { not: named('a', 'b') }] } }), [false, true, false]);
    assert.deepEqual(asked({ all: [] }), [true, true, true]);
    assert.deepEqual(asked({ any: [] }), [false, false, false]);
  });

  test('is below every share of LaunchDarkly but none, for who cannot be hashed', () => {
    const share = { op: 'bucket', kind: 'user', path: ['none'], seed: 's' };
    const below = (end: number) => holds('launchdarkly', { ...share, below: end }, { kind: 'user', key: 'k' });
    assert.deepEqual([below(0), below(0.000_01)], [false, true]);
  });

  test('of ConfigCat may be that a comparison does not hold, which is not that there is none', () => {
    const asked = (changes: Written) =>
      [{ email: 'x' }, { email: 'y' }, {}, { email: '' }].map((user) =>
        holds('configcat', { user: { ...is('x').user, ...changes } }, user),
      );
    assert.deepEqual(asked({}), [true, false, false, false]);
    assert.deepEqual(asked({ is: false }), [false, true, false, false]);
    assert.deepEqual(asked({ negate: true }), [false, true, false, false]);
    assert.deepEqual(asked({ is: false, negate: true }), [true, false, false, false]);
  });
});

test('a value that cannot become text matches nothing, and breaks nothing', () => {
  const odd: Json = JSON.parse('{"toString": 1}');
  assert.equal(holds('growthbook', { condition: { a: { $regex: '' } } }, { a: odd }), false);
  const condition = { operator: 'EQUAL', property: 'a', value: 'x' };
  const segment = { key: 's', rules: [{ type: 'ALL', conditions: [condition], rules: [] }] };
  assert.equal(
    holds('flagsmith', { environment: { key: 'e' }, segment }, { identifier: 'u', traits: { a: odd } }),
    false,
  );
  const contains = (value: string) => ({ user: { attribute: 'a', comparator: 'contains', value: [value] } });
  assert.equal(holds('configcat', contains('[object Object]'), { custom: { a: odd } }), true);
  assert.equal(holds('configcat', contains('[unknown]'), { custom: { a: [odd] } }), true);
});
