import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EvaluationContext } from '../index.ts';
import { holds, type Written } from '../testing/imported.ts';

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

  test('a variant that goes by a field goes by no other', () => {
    const expected = variant('userId', { userId: 'u-1' });
    assert.deepEqual(variant('sessionId', { userId: 'x', sessionId: 'u-1' }), expected);
    assert.deepEqual(variant('plan', { userId: 'x', properties: { plan: 'u-1' } }), expected);
  });

  test('a list is looked through with its case, unless it does not count', () => {
    const within = (mail: string | undefined, changes: Written, op = 'IN') =>
      holds('unleash', { op, field: 'mail', values: ['A@x', 'ß'], ...changes }, mail === undefined ? {} : { mail });
    assert.deepEqual(
      ['A@x', 'a@X', 'ß', 'SS', undefined].map((mail) => within(mail, {})),
      [true, false, true, false, false],
    );
    assert.deepEqual(within('a@X', { ignore_case: false }), false);
    assert.deepEqual(
      ['A@x', 'a@X', 'ß', 'SS', undefined].map((mail) => within(mail, { ignore_case: true })),
      [true, true, true, false, false],
    );
    assert.deepEqual([within('a@X', { ignore_case: true }, 'NOT_IN'), within(undefined, {}, 'NOT_IN')], [false, true]);
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
