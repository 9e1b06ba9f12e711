import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EvaluationContext, Json } from '../../index.ts';
import { holds, type Written } from '../../testing/imported.ts';

describe('Flagsmith', () => {
  const asked = (operator: string, value: Json, trait: Json, more: Written = {}) => {
    const condition = { operator, property: 'a', value, ...more };
    const segment = { key: 's', rules: [{ type: 'ALL', conditions: [condition], rules: [] }] };
    return holds('flagsmith', { environment: { key: 'e' }, segment }, { identifier: 'u', traits: { a: trait } });
  };

  test('lists and objects are compared as the texts that they become', () => {
    assert.deepEqual([asked('EQUAL', '1,2', [1, 2]), asked('EQUAL', '1', [1, 2])], [true, false]);
    assert.deepEqual([asked('NOT_EQUAL', '1,2', [1, 2]), asked('NOT_EQUAL', '1', [1, 2])], [false, true]);
    assert.deepEqual([asked('CONTAINS', '1', ['1', 2]), asked('CONTAINS', '2', ['1', 2])], [true, false]);
    assert.deepEqual(
      [asked('CONTAINS', '1', { 1: 1 }), asked('NOT_CONTAINS', '1', ['x']), asked('NOT_CONTAINS', '1', 5)],
      [false, false, false],
    );
    assert.deepEqual(
      [asked('NOT_CONTAINS', '1', 'x'), asked('NOT_CONTAINS', '1', 'x1'), asked('NOT_CONTAINS', '', 'x')],
      [true, false, false],
    );
  });

  test('operators that need a value do without, and those that are unknown hold for nobody', () => {
    for (const operator of ['LATER', 'REGEX', 'toString']) assert.equal(asked(operator, '', 'x'), false, operator);
    assert.deepEqual([asked('REGEX', 18, '18'), asked('REGEX', null, 'x')], [true, false]);
    assert.deepEqual(
      [asked('IN', 7, '7'), asked('IN', null, 'null'), asked('IN', 'true', true), asked('IN', ['7'], 7)],
      [false, false, false, true],
    );
    assert.deepEqual(
      [asked('MODULO', '0|NaN', 5), asked('MODULO', '2|1', 5), asked('MODULO', null, 5)],
      [false, true, false],
    );
    assert.deepEqual(
      [asked('EQUAL', 18, 18), asked('EQUAL', 18, '18'), asked('EQUAL', true, true)],
      [true, true, true],
    );
  });

  test('versions are compared where the value says that it is one, and only with those', () => {
    const order = (trait: Json, value = '1.2.0:semver') =>
      ['EQUAL', 'GREATER_THAN', 'GREATER_THAN_INCLUSIVE', 'LESS_THAN', 'LESS_THAN_INCLUSIVE'].map((operator) =>
        asked(operator, value, trait),
      );
    assert.deepEqual(order('1.2.0'), [true, false, true, false, true]);
    assert.deepEqual(order('1.10.0'), [false, true, true, false, false]);
    assert.deepEqual(order('1.2.0-a'), [false, false, false, true, true]);
    for (const trait of ['x', 7, true, ['1.2.0']])
      assert.ok(
        order(trait).every((each) => !each),
        JSON.stringify(trait),
      );
    assert.ok(order('1.2.0', 'x:semver').every((each) => !each));
  });

  test('what was looked up beforehand is taken instead of a trait, also for a share', () => {
    assert.deepEqual(
      [asked('EQUAL', 'y', 'x', { given: 'y' }), asked('EQUAL', 'x', 'x', { given: 'y' })],
      [true, false],
    );
    assert.deepEqual(
      [asked('IS_SET', null, 'x', { given: null }), asked('IS_NOT_SET', null, 'x', { given: null })],
      [false, true],
    );
    const share = (given: Json) =>
      [0, 20, 40, 60, 80, 100].map((value) => asked('PERCENTAGE_SPLIT', value, 'x', { given }));
    assert.deepEqual(share('g'), share('g').toSorted());
    assert.ok(share('g').at(-1));
    assert.ok(new Set(['g', 'h', 'i', 'j', 'k'].map((given) => share(given).indexOf(true))).size > 1);
    assert.ok(share('').every((each) => !each));
  });

  test('segments have rules, all of which hold; those without a property or an identity hold for nobody', () => {
    const rule = (type: string, ...conditions: readonly Json[]) => ({ type, conditions, rules: [] });
    const set = (property: Json) => ({ operator: 'IS_SET', property });
    const inSegment = (rules: readonly Json[], context: EvaluationContext) =>
      holds('flagsmith', { environment: { key: 'e' }, segment: { key: 's', rules } }, context);
    const user = { identifier: 'u', traits: { a: 1, b: 2, null: 3, undefined: 4, 'Stryker was here!': 4 } };
    const both = [rule('ALL', set('a')), rule('ALL', set('c'))];
    assert.deepEqual(
      [inSegment(both, user), inSegment(both.slice(0, 1), user), inSegment([], user)],
      [false, true, false],
    );
    for (const property of ['', null]) assert.equal(inSegment([rule('ALL', set(property))], user), false);
    assert.equal(inSegment([rule('ALL', { operator: 'IS_SET' })], user), false);
    assert.deepEqual(
      [inSegment([], { key: 'k' }), inSegment([rule('ALL')], { key: 'k' }), inSegment([rule('ALL')], {})],
      [false, true, false],
    );
  });
});
