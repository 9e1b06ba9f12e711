import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EvaluationContext, Json } from '../../index.ts';
import { holds, type Written } from '../../testing/imported.ts';

describe('LaunchDarkly', () => {
  const asked = (clause: Written, context: EvaluationContext) =>
    holds('launchdarkly', { kind: 'user', op: 'in', ...clause }, context);
  const ofValue = (op: string, expected: Json, value: Json) =>
    asked({ op, path: ['value'], values: [expected] }, { kind: 'user', key: 'u', value });

  test('who does not say so is not anonymous, and who is not there is neither', () => {
    const is = (expected: boolean, context: EvaluationContext, kind = 'user') =>
      asked({ kind, path: ['anonymous'], values: [expected] }, context);
    const user = { kind: 'user', key: 'u' };
    assert.deepEqual([is(true, { ...user, anonymous: true }), is(false, { ...user, anonymous: true })], [true, false]);
    assert.deepEqual([is(true, user), is(false, user)], [false, true]);
    const several = { kind: 'multi', user: { key: 'u', anonymous: true } };
    assert.deepEqual([is(true, several), is(false, several)], [true, false]);
    for (const kind of ['org', 'kind'])
      assert.deepEqual([is(true, several, kind), is(false, several, kind)], [false, false]);
  });

  test('only text is a pattern, and a clause that has something else for one holds for nobody', () => {
    assert.deepEqual([ofValue('matches', '^1', '18'), ofValue('matches', 18, '18')], [true, false]);
    assert.equal(ofValue('matches', 18, 18), false);
  });

  test('a version may lack numbers at its end, and nothing else', () => {
    const same = (version: string, as: string) => ofValue('semVerEqual', as, version);
    for (const [version, as] of [
      ['1', '1.0.0'],
      ['1.20', '1.20.0'],
      ['12.20.30', '12.20.30'],
      ['2-rc.1', '2.0.0-rc.1'],
    ] as const) {
      assert.equal(same(version, as), true, version);
      assert.equal(same(as, version), true, version);
    }
    for (const version of [' 1.2', 'x1.2', '1.2.', '1.2.x']) assert.equal(same(version, '1.2.0'), false, version);
  });
});
