import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readerOf } from '../../apps/cli/src/importing/contexts.ts';
import { importText } from '../../apps/cli/src/importing/import.ts';
import { imported } from './importing.ts';

const state = (value: unknown, more: object = {}) => ({
  feature: { id: 1, name: 'f', type: 'STANDARD' },
  enabled: true,
  django_id: 1,
  feature_state_value: value,
  multivariate_feature_state_values: [],
  ...more,
});

/** One feature, `off` for all but a segment that asks for `property`. */
const documentAsking = (condition: object, more: object = {}) => ({
  id: 1,
  api_key: 'key',
  name: 'Production',
  feature_states: [state('off')],
  project: {
    id: 1,
    segments: [
      {
        id: 1,
        rules: [{ type: 'ALL', conditions: [condition], rules: [] }],
        feature_states: [state('on', { feature_segment: { priority: 1 } })],
      },
    ],
  },
  ...more,
});

describe('S6: Flagsmith', () => {
  test('a path that an engine walks leads to single values only, else to the trait of that very name', async () => {
    const property_ = '$.identity.traits["a"]';
    const { ask } = await imported('flagsmith', documentAsking({ property_, operator: 'IS_SET', value: '' }));
    const value = (traits: object) => ask('f', { identifier: 'u', traits });
    assert.deepEqual([value({ a: 'x' }), value({ a: ['x'] }), value({})], ['on', 'off', 'off']);
    assert.equal(value({ a: ['x'], [property_]: 'x' }), 'on');
  });

  test('a trait that every object has in its SDK is refused', async () => {
    for (const property_ of ['constructor', '$.identity.traits.toString', "$.identity.traits['__proto__']"]) {
      const { report } = await imported('flagsmith', documentAsking({ property_, operator: 'IS_SET', value: '' }));
      assert.match(report.refused[0]?.reason ?? '', /every object has/, property_);
    }
  });

  test('traits that the file has of identities are told of', async () => {
    const identity = { identifier: 'u', identity_features: [], identity_traits: [{ trait_key: 'a', trait_value: 1 }] };
    const asking = { property_: 'a', operator: 'IS_SET', value: '' };
    const { report } = await imported('flagsmith', documentAsking(asking, { identity_overrides: [identity] }));
    assert.match(report.carried[0]?.notes.join() ?? '', /traits in the file/);
  });

  test('identities for whom a feature is the same are one rule, however many and whatever else they have', async () => {
    const own = (id: number, value: unknown) =>
      state(value, { feature: { id, name: id === 1 ? 'f' : 'g' }, django_id: id });
    const identity = (index: number) => ({
      identifier: `user-${index}`,
      identity_features: [own(1, index % 2 === 0 ? 'even' : 'odd'), own(2, index)],
    });
    const asking = { property_: 'a', operator: 'IS_SET', value: '' };
    const many = documentAsking(asking, {
      identity_overrides: Array.from({ length: 3_000 }, (_, index) => identity(index)),
    });
    const { report, ask } = await imported('flagsmith', many);
    assert.deepEqual(report.refused, []);
    const answers = ['user-0', 'user-2999', 'user-3000'].map((identifier) =>
      ask('f', { identifier, traits: { a: 1 } }),
    );
    assert.deepEqual(answers, ['even', 'odd', 'on']);
  });

  test('an export of features is what everybody gets; its shares have no ids to be hashed with', async () => {
    const variant = (value: unknown, percentage_allocation: number) => ({
      value,
      percentage_allocation,
      default_percentage_allocation: percentage_allocation,
      type: 'unicode',
    });
    const feature = (name: string, enabled: boolean, value: unknown, multivariate: readonly object[] = []) => ({
      ...{ name, default_enabled: false, is_server_key_only: false, initial_value: 'initial', type: 'unicode' },
      ...{ value, enabled, multivariate },
    });
    const { report, ask } = await imported('flagsmith', [
      feature('switch', false, null),
      feature('text', true, 'x'),
      feature('off', false, 7),
      feature('whole', true, 'x', [variant('never', 0), variant('y', 100)]),
      feature('split', true, 'x', [variant('y', 50)]),
    ]);
    const somebody = { identifier: 'u' };
    const answers = ['switch', 'text', 'off', 'off.enabled', 'whole'].map((key) => ask(key, somebody));
    assert.deepEqual(answers, [false, 'x', 7, false, 'y']);
    assert.equal(ask('whole', {}), 'x');
    assert.match(report.refused.map(({ flag, reason }) => `${flag}: ${reason}`).join(), /^split: .*no id/);
    assert.ok(report.carried.every(({ notes }) => notes.join().includes('overrides')));
  });

  test('identities are read as its API takes them, too', () => {
    const read = readerOf('flagsmith');
    const listed = { identifier: 7, traits: [{ trait_key: 'a', trait_value: 1 }, { trait_key: 'b' }] };
    assert.deepEqual(read(listed), { identifier: 7, traits: { a: 1, b: null } });
    assert.match(String(read({ identifier: 'u', traits: [1] })), /traits that are neither/);
    assert.match(String(read({ identifier: true })), /identifier/);
  });

  test('a file of another shape is told what was expected', () => {
    for (const text of ['[]', '[{"name": "f"}]', '{"flags": {}}']) {
      assert.match(String(importText('flagsmith', text)), /export of features/, text);
    }
  });
});
