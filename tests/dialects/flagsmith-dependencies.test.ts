import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { imported } from './importing.ts';

const feature = (name: string, enabled: boolean, value: unknown = null, more: object = {}) => ({
  ...{ key: name, name, enabled, value },
  ...more,
});
const condition = (property: string, operator: string, value: unknown) => ({ property, operator, value });
const isOn = (property: string) => condition(property, 'EQUAL', 'true');
const all = (conditions: readonly object[], rules: readonly object[] = []) => ({ type: 'ALL', conditions, rules });
const segment = (key: string, rules: readonly object[], overrides: readonly object[]) => ({
  ...{ key, name: key, rules, overrides },
});

/** What an engine is given: features and segments, each by its own key. */
const given = (features: readonly { name: string }[], segments: readonly { key: string }[]) => ({
  environment: { key: 'env', name: 'Production' },
  features: Object.fromEntries(features.map((each) => [each.name, each])),
  segments: Object.fromEntries(segments.map((each) => [each.key, each])),
});

const asOf = (identifier: string, traits: object = {}) => ({ identity: { identifier, traits } });

describe('S6: Flagsmith: segments that ask what other flags serve', () => {
  test('ask them, for whoever is asked about, however the path is written', async () => {
    const paths = ['$.flags.base.enabled', "$.flags.base['enabled']", '$.flags["base"].enabled'];
    for (const path of paths) {
      const { report, ask } = await imported(
        'flagsmith',
        given(
          [feature('top', false, 'old'), feature('base', false)],
          [
            segment('staff', [all([condition('team', 'EQUAL', 'staff')])], [feature('base', true)]),
            segment('on-base', [all([isOn(path)])], [feature('top', true, 'new')]),
          ],
        ),
      );
      const answers = (context: object) => ['base', 'top', 'top.enabled'].map((key) => ask(key, context));
      assert.deepEqual(answers(asOf('u', { team: 'staff' })), [true, 'new', true], path);
      assert.deepEqual(answers(asOf('u')), [false, 'old', false], path);
      assert.match(report.carried.find(({ flag }) => flag === 'top')?.notes.join('; ') ?? '', /another flag serves/);
    }
  });

  test('ask values as operators compare them, and a feature by any name', async () => {
    const plans = [
      { value: 'gold', weight: 0 },
      { value: 'silver', weight: 100 },
    ];
    const asking = (operator: string, value: unknown) => [
      all([condition("$.flags['The Plan'].value", operator, value)]),
    ];
    const { ask } = await imported(
      'flagsmith',
      given(
        [
          feature('The Plan', true, 'bronze', { variants: plans }),
          ...['is', 'has', 'among', 'not', 'set', 'unset', 'named'].map((name) => feature(name, false)),
        ],
        [
          segment('1', asking('EQUAL', 'silver'), [feature('is', true)]),
          segment('2', asking('CONTAINS', 'il'), [feature('has', true)]),
          segment('3', asking('IN', 'gold,silver'), [feature('among', true)]),
          segment('4', asking('NOT_EQUAL', 'silver'), [feature('not', true)]),
          segment('5', asking('IS_SET', ''), [feature('set', true)]),
          segment('6', asking('IS_NOT_SET', ''), [feature('unset', true)]),
          segment('7', [all([condition('$.flags["The Plan"].name', 'EQUAL', 'The Plan')])], [feature('named', true)]),
        ],
      ),
    );
    const answers = ['is', 'has', 'among', 'not', 'set', 'unset', 'named'].map((key) => ask(key, asOf('u')));
    assert.deepEqual(answers, [true, true, true, false, true, false, true]);
  });

  test('in rules of every type, beside traits and inside other rules', async () => {
    const asked = isOn('$.flags.base.enabled');
    const gold = condition('tier', 'EQUAL', 'gold');
    const rules = {
      any: { type: 'ANY', conditions: [asked, gold], rules: [] },
      none: { type: 'NONE', conditions: [asked, gold], rules: [] },
      inside: all([gold], [{ type: 'ANY', conditions: [asked], rules: [] }]),
      outside: { type: 'NONE', conditions: [], rules: [all([gold, asked])] },
    };
    const names = Object.keys(rules);
    const { ask } = await imported(
      'flagsmith',
      given(
        [feature('base', false), ...names.map((name) => feature(name, false))],
        [
          segment('beta', [all([condition('beta', 'EQUAL', 'true')])], [feature('base', true)]),
          ...Object.entries(rules).map(([name, rule]) => segment(name, [rule], [feature(name, true)])),
        ],
      ),
    );
    const answers = (traits: object) => names.map((name) => ask(name, asOf('u', traits)));
    assert.deepEqual(answers({ beta: true, tier: 'gold' }), [true, false, true, false]);
    assert.deepEqual(answers({ beta: true }), [true, false, false, true]);
    assert.deepEqual(answers({ tier: 'gold' }), [true, false, false, true]);
    assert.deepEqual(answers({}), [false, true, false, true]);
  });

  test('one after the other, in whatever order the file has them; the lowest priority goes first', async () => {
    const { ask } = await imported(
      'flagsmith',
      given(
        [feature('c', false), feature('b', false, 'no'), feature('a', true, 1)],
        [
          segment('weak', [all([isOn('$.flags.a.enabled')])], [feature('b', true, 'weak', { priority: 9 })]),
          segment(
            'strong',
            [all([condition('$.flags.a.value', 'EQUAL', '1')])],
            [feature('b', true, 'strong', { priority: 1 })],
          ),
          segment('last', [all([condition('$.flags.b.value', 'EQUAL', 'strong')])], [feature('c', true)]),
        ],
      ),
    );
    assert.deepEqual(
      ['a', 'b', 'b.enabled', 'c'].map((key) => ask(key, asOf('u'))),
      [1, 'strong', true, true],
    );
  });

  test('a feature that is not in the file has no value, and is no mistake', async () => {
    const { ask } = await imported(
      'flagsmith',
      given(
        [feature('f', false, 'off'), feature('g', false)],
        [
          segment('1', [all([isOn('$.flags.gone.enabled')])], [feature('f', true, 'on')]),
          segment('2', [all([condition('$.flags.gone.value', 'IS_NOT_SET', '')])], [feature('g', true)]),
        ],
      ),
    );
    assert.deepEqual([ask('f', asOf('u')), ask('g', asOf('u'))], ['off', true]);
  });

  test('what leads back, or asks for what is not carried, is refused by name, with all that asks for it', async () => {
    const share = condition('$.flags.fine.enabled', 'PERCENTAGE_SPLIT', 50);
    const { report } = await imported(
      'flagsmith',
      given(
        ['a', 'b', 'after', 'itself', 'reason', 'deep', 'shared', 'fine'].map((name) => feature(name, true)),
        [
          segment('1', [all([isOn('$.flags.b.enabled')])], [feature('a', false)]),
          segment('2', [all([isOn('$.flags.a.enabled')])], [feature('b', false)]),
          segment('3', [all([isOn('$.flags.b.enabled')])], [feature('after', false)]),
          segment('4', [all([condition('$.flags.itself.enabled', 'IS_NOT_SET', '')])], [feature('itself', false)]),
          segment('5', [all([condition('$.flags.fine.reason', 'EQUAL', 'DEFAULT')])], [feature('reason', false)]),
          segment('6', [all([condition('$.flags.fine.metadata.id', 'EQUAL', '1')])], [feature('deep', false)]),
          segment('7', [all([share])], [feature('shared', false)]),
        ],
      ),
    );
    assert.deepEqual(
      report.carried.map(({ flag }) => flag),
      ['fine'],
    );
    const why = Object.fromEntries(report.refused.map(({ flag, reason }) => [flag, reason]));
    for (const flag of ['a', 'b', 'after', 'itself']) assert.match(why[flag] ?? '', /leads back/, flag);
    assert.match(why.reason ?? '', /the reason of fine/);
    assert.match(why.deep ?? '', /not carried/);
    assert.match(why.shared ?? '', /shares/);
  });

  test('a feature that asks one that is refused is refused with it, by whichever flag it is asked', async () => {
    const { report } = await imported(
      'flagsmith',
      given(
        [feature('bad', false, 'x'), feature('f', false, 'y')],
        [
          segment('1', [all([condition('$.identity.traits[*]', 'EQUAL', 'x')])], [feature('bad', true, 'z')]),
          segment('2', [all([isOn('$.flags.bad.enabled')])], [feature('f', true, 'z')]),
        ],
      ),
    );
    assert.deepEqual(report.carried, []);
    assert.deepEqual(
      report.refused.map(({ flag }) => flag),
      ['bad', 'f'],
    );
  });
});
