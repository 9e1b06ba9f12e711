import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Condition } from '@spillway/evaluator';
import { imported } from './importing.ts';

/** What the rules of a flag ask, in their order. */
const asked = (flags: Awaited<ReturnType<typeof imported>>['flags'], key: string): readonly Condition[] =>
  flags[key]?.rules.map(({ when }) => when) ?? assert.fail(`${key} is not there`);

describe('S6: segments of other products are segments here', () => {
  test('those of Unleash, by their names or numbers, are shared by the flags that refer to them', async () => {
    const constraint = (values: readonly string[]) => ({ contextName: 'userId', operator: 'IN', values });
    const strategy = (...segments: readonly unknown[]) => ({ name: 'default', constraints: [], segments });
    const { report, flags, segments, ask } = await imported('unleash', {
      segments: [
        { id: 1, name: 'Beta users', constraints: [constraint(['b'])] },
        { id: 2, constraints: [constraint(['c', 'd']), { ...constraint(['d']), inverted: true }] },
        { id: 3, name: 'all', constraints: [] },
        { id: 4, name: 'beta users', constraints: [constraint(['e'])] },
        { id: 5, name: 'unused', constraints: [constraint(['f'])] },
      ],
      features: [
        { name: 'one', enabled: true, strategies: [strategy(1)] },
        { name: 'some', enabled: true, strategies: [strategy(1), strategy(2, 3), strategy(4)] },
        { name: 'gone', enabled: true, strategies: [strategy(9)] },
      ],
    });
    assert.deepEqual(Object.values(segments).length, 3);
    const [own] = asked(flags, 'one');
    assert.ok(own !== undefined && 'segment' in own);
    assert.ok(asked(flags, 'some').some((when) => JSON.stringify(when).includes(JSON.stringify(own))));
    assert.ok('segment-2' in segments);
    assert.deepEqual(report.segments?.map(({ segment }) => segment).sort(), ['Beta users', 'beta users', 'segment-2']);
    const users = ['a', 'b', 'c', 'd', 'e', 'f'];
    assert.deepEqual(
      users.filter((userId) => ask('some', { userId })),
      ['b', 'c', 'e'],
    );
    assert.deepEqual(
      users.filter((userId) => ask('one', { userId })),
      ['b'],
    );
    assert.equal(ask('gone', { userId: 'b' }), false);
  });

  test('those of LaunchDarkly refer to one another, unless that is more than segments may', async () => {
    const match = (...values: readonly string[]) => ({ attribute: '', op: 'segmentMatch', values });
    const rule = (...values: readonly string[]) => ({ clauses: [match(...values)], variation: 1 });
    const segment = (key: string, more: object) => ({
      key,
      version: 1,
      included: [],
      excluded: [],
      salt: 's',
      rules: [],
      ...more,
    });
    const doubled = Array.from({ length: 10 }, (_, level) =>
      segment(
        `d${level}`,
        level === 0
          ? { included: ['x'] }
          : { rules: [match(`d${level - 1}`), match(`d${level - 1}`)].map((each) => ({ clauses: [each] })) },
      ),
    );
    const all = [
      segment('beta', { included: ['b'], excluded: ['c'], rules: [{ clauses: [match('staff')] }] }),
      segment('staff', { included: ['b', 'c', 's'] }),
      segment('alias', { rules: [{ clauses: [match('beta')] }] }),
      segment('empty', {}),
      ...doubled,
    ];
    const flag = (key: string, rules: readonly object[]) => ({
      key,
      on: true,
      salt: 's',
      version: 1,
      variations: [false, true],
      offVariation: 0,
      fallthrough: { variation: 0 },
      rules,
      targets: [],
    });
    const { report, flags, segments, ask } = await imported('launchdarkly', {
      flags: Object.fromEntries(
        [
          flag('direct', [rule('beta')]),
          flag('alias', [rule('alias', 'empty')]),
          flag('outside', [{ clauses: [{ ...match('staff'), negate: true }], variation: 1 }]),
          flag('heavy', [rule('d9')]),
        ].map((each) => [each.key, each]),
      ),
      segments: Object.fromEntries(all.map((each) => [each.key, each])),
    });
    assert.deepEqual(report.refused, []);
    assert.deepEqual(asked(flags, 'direct'), [{ segment: 'beta' }]);
    assert.deepEqual(asked(flags, 'outside'), [{ not: { segment: 'staff' } }]);
    assert.deepEqual(segments.alias?.when, { any: [{ segment: 'beta' }] });
    assert.match(JSON.stringify(segments.beta?.when), /\{"segment":"staff"\}/);
    assert.ok(!('d9' in segments) && !('empty' in segments), 'too heavy, or nobody');
    const users = ['b', 'c', 's', 'x'];
    const on = (key: string) => users.filter((user) => ask(key, { kind: 'user', key: user })).join('');
    assert.deepEqual([on('direct'), on('alias'), on('outside'), on('heavy')], ['bs', 'bs', 'x', 'x']);
    assert.ok(report.segments?.some(({ segment: source, key }) => source === 'staff' && key === 'staff'));
  });

  test('those of Flagsmith are what overrides are for, identities stay where they are', async () => {
    const condition = (value: string) => ({ operator: 'EQUAL', property_: 'plan', value });
    const state = (id: number, enabled: boolean) => ({
      ...{ django_id: id, enabled, feature_state_value: null, multivariate_feature_state_values: [] },
      feature: { id: 1, name: 'f', type: 'STANDARD' },
    });
    const { flags, segments, ask } = await imported('flagsmith', {
      ...{ id: 1, api_key: 'env', name: 'Production', feature_states: [state(1, false)] },
      project: {
        id: 1,
        segments: [
          {
            ...{ id: 7, name: 'Pro', feature_states: [{ ...state(2, true), feature_segment: { priority: 0 } }] },
            rules: [
              { type: 'ALL', rules: [{ type: 'ANY', rules: [], conditions: [condition('pro')] }], conditions: [] },
            ],
          },
        ],
      },
      identity_overrides: [{ identifier: 'ann', identity_features: [state(3, true)] }],
    });
    assert.deepEqual(asked(flags, 'f').at(-1), { segment: 'pro' });
    assert.equal(segments.pro?.when !== undefined && 'operator' in segments.pro.when, true);
    const identity = (identifier: string, plan: string) => ask('f', { identifier, traits: { plan } });
    assert.deepEqual([identity('bob', 'pro'), identity('bob', 'free'), identity('ann', 'free')], [true, false, true]);
  });
});
