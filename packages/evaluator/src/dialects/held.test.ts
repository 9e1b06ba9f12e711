import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileImported, type EvaluationContext, type Json } from '../index.ts';

type Written = Readonly<Record<string, Json>>;

const holds = (dialect: string, written: Written, context: EvaluationContext, now = 0) =>
  compileImported([dialect, written])(context, now);

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

describe('Unleash', () => {
  const upTo = Array.from({ length: 20 }, (_, index) => index * 5);
  const variant = (by: string, context: EvaluationContext) =>
    upTo.map((upto) => holds('unleash', { op: 'variant', by, group: 'g', total: 100, upto }, context));
  const rollout = (changes: Written, context: EvaluationContext) =>
    [...upTo, 100].map((percentage) =>
      holds('unleash', { op: 'rollout', by: 'userId', group: 'g', percentage, ...changes }, context),
    );

  test('a variant sticks to the user, else to the session, else to the address, by default', () => {
    const expected = variant('userId', { userId: 'u-1' });
    assert.ok(expected.includes(true) && expected.includes(false));
    for (const context of [
      { userId: 'u-1', sessionId: 's', remoteAddress: 'r' },
      { sessionId: 'u-1', remoteAddress: 'r' },
      { userId: '', sessionId: 'u-1' },
      { userId: 7, sessionId: 'u-1' },
      { remoteAddress: 'u-1' },
    ]) {
      assert.deepEqual(variant('default', context), expected, JSON.stringify(context));
    }
  });

  test('who has nothing to be bucketed by is last among variants', () => {
    const at = (by: string, upto: number) =>
      holds('unleash', { op: 'variant', by, group: 'g', total: 100, upto }, { userId: '' });
    for (const by of ['default', 'email']) {
      assert.deepEqual([at(by, 99), at(by, 100), at(by, 101)], [false, true, true], by);
    }
  });

  test('a rollout by default goes by the user or else the session; for nobody it is the whole or nothing', () => {
    const expected = rollout({}, { userId: 'u-1' });
    assert.ok(expected.includes(true) && expected.includes(false));
    for (const context of [{ userId: 'u-1', sessionId: 's' }, { sessionId: 'u-1' }, { userId: '', sessionId: 'u-1' }]) {
      assert.deepEqual(rollout({ by: 'default' }, context), expected);
    }
    assert.deepEqual(rollout({ by: 'default' }, {}), [...upTo.map(() => false), true]);
    assert.deepEqual(
      rollout({}, {}),
      [...upTo, 100].map(() => false),
    );
  });

  test('a rollout may look at the context alone, and one without a group is of the feature that is asked', () => {
    const expected = rollout({}, { userId: 'u-1' });
    const inProperties = { properties: { userId: 'u-1' } };
    assert.deepEqual(rollout({}, inProperties), expected);
    assert.ok(rollout({ own: true }, inProperties).every((each) => !each));
    assert.deepEqual(rollout({ own: true }, { userId: 'u-1' }), expected);
    assert.deepEqual(rollout({ group: '' }, { userId: 'u-1', featureToggle: 'g' }), expected);
    const nameless = rollout({ group: '' }, { userId: 'u-1' });
    assert.deepEqual(rollout({ group: '', own: true }, { userId: 'u-1', featureToggle: 'g' }), nameless);
    assert.notDeepEqual(nameless, expected);
  });

  test('dates are compared with the present where the context names none', () => {
    const after = (context: EvaluationContext, now: number) =>
      holds('unleash', { op: 'DATE_AFTER', value: 1_000 }, context, now);
    assert.deepEqual([after({}, 1_001), after({}, 1_000), after({ currentTime: 2_000 }, 0)], [true, false, true]);
    assert.deepEqual(
      [after({ currentTime: '1970-01-01T00:00:02Z' }, 0), after({ currentTime: 'x' }, 5_000)],
      [true, false],
    );
  });
});

describe('flagd', () => {
  const chosen = (logic: Json, context: EvaluationContext, changes: Written = {}) => {
    const names = [null, 'a', 'b'];
    const found = names.filter((variant) => {
      const written = { op: 'answers', flag: 'f', logic, variant, variants: ['a', 'b'], ...changes };
      return holds('flagd', written, context);
    });
    assert.equal(found.length, 1);
    return found[0];
  };
  const half = [
    ['a', 50],
    ['b', 50],
  ];
  const users = Array.from({ length: 40 }, (_, index) => `user-${index}`);

  test('of a split, each generation chooses by hashes of its own', () => {
    const by = (hash: string) =>
      users.map((targetingKey) => chosen({ fractional: half }, { targetingKey }, { hash })).join('');
    const found = new Set(['v1', 'v2', 'v3'].map(by));
    assert.equal(found.size, 3);
    for (const each of found) assert.match(each, /a.*b.*a/);
    assert.equal(by('v2'), users.map((targetingKey) => chosen({ fractional: half }, { targetingKey })).join(''));
  });

  test('a split of a single part is none in the first generation', () => {
    const alone = { fractional: [['a', 100]] };
    const context = { targetingKey: 'u' };
    assert.deepEqual(
      ['v1', 'v2', 'v3'].map((hash) => chosen(alone, context, { hash })),
      [null, 'a', 'a'],
    );
    assert.equal(
      chosen(
        {
          fractional: [
            ['a', 100],
            ['b', 0],
          ],
        },
        context,
        { hash: 'v1' },
      ),
      'a',
    );
  });

  test('a part that is none leaves everybody to the default variant', () => {
    for (const part of [
      'x',
      [],
      ['b', 1, 2],
      ['b', 1.5],
      ['b', '1'],
      ['b', null],

      [['b'], 1],
      7,
      null,
    ]) {
      for (const hash of ['v1', 'v2', 'v3']) {
        assert.equal(
          chosen({ fractional: [['a', 1], part] }, { targetingKey: 'u' }, { hash }),
          null,
          JSON.stringify(part),
        );
      }
    }
    assert.equal(chosen({ fractional: [['a', 2 ** 31]] }, { targetingKey: 'u' }), null);
    assert.equal(chosen({ fractional: [['a', 2 ** 31 - 1]] }, { targetingKey: 'u' }), 'a');
    assert.equal(chosen({ fractional: [] }, { targetingKey: 'u' }), null);
    assert.equal(chosen({ fractional: [[null, 1]] }, { targetingKey: 'u' }), null);
    assert.equal(
      chosen(
        {
          fractional: [
            ['a', -1],
            ['b', 1],
          ],
        },
        { targetingKey: 'u' },
      ),
      'b',
    );
    assert.equal(
      chosen(
        {
          fractional: [
            ['a', 0],
            ['b', 0],
          ],
        },
        { targetingKey: 'u' },
      ),
      null,
    );
  });

  test('who has no key has no part, and a key that is no text is one for the second generation only', () => {
    for (const hash of ['v1', 'v2', 'v3']) {
      for (const context of [{}, { targetingKey: '' }])
        assert.equal(chosen({ fractional: half }, context, { hash }), null);
    }
    const numbered = { targetingKey: 7 } as unknown as EvaluationContext;
    assert.notEqual(chosen({ fractional: half }, numbered), null);
    assert.equal(chosen({ fractional: half }, numbered, { hash: 'v3' }), null);
  });

  test('the third generation takes what comes first for what is hashed, whatever it is, unless it is nothing', () => {
    const first = (value: Json) => ({ fractional: [value, ...half] });
    const by = (value: Json) => chosen(first({ var: 'x' }), { x: value }, { hash: 'v3' });
    const values = [true, false, 0, 1.5, -7, 'text', '', { a: 1 }, { b: [1, 'x'] }];
    assert.ok(values.every((value) => by(value) !== null));
    assert.ok(new Set(values.map(by)).size > 1);
    assert.equal(chosen(first({ var: 'x' }), { targetingKey: 'u' }, { hash: 'v3' }), null);
    assert.equal(by(null), null);
  });

  test('what answers no variant is an error, and so is nothing where the flag has no default', () => {
    assert.throws(() => chosen({ var: 'x' }, { x: 'c' }), /^RangeError: the flag has no variant c$/);
    assert.equal(chosen({ var: 'x' }, { x: 'a' }, { nothing: 'fails' }), 'a');
    assert.throws(
      () => chosen({ var: 'x' }, {}, { nothing: 'fails' }),
      /^RangeError: the flag has no default variant$/,
    );
    assert.equal(chosen({ var: 'x' }, {}), null);
  });

  test("flagd's operations fail inside an iteration, where its context is out of sight", () => {
    for (const as of ['compiled', 'interpreted']) {
      const logic = { some: [{ var: 'list' }, { ends_with: [{ var: '' }, 'a'] }] };
      const written = { op: 'holds', flag: 'f', as, logic };
      assert.throws(() => holds('flagd', written, { list: ['a'] }), /^TypeError: it is asked inside an iteration$/);
      assert.equal(holds('flagd', written, { list: [] }), false);
    }
  });

  test('texts may be put together up to a length', () => {
    const long = 'x'.repeat(32_768);
    const written = (...parts: readonly Json[]) => ({ op: 'holds', flag: 'f', logic: { cat: parts } });
    assert.equal(holds('flagd', written({ var: 'x' }, { var: 'x' }), { x: long }), true);
    assert.throws(
      () => holds('flagd', written({ var: 'x' }, { var: 'x' }, '.'), { x: long }),
      /^TypeError: a text is too long$/,
    );
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
