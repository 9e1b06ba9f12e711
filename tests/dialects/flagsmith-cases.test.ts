import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readerOf } from '../../apps/cli/src/importing/contexts.ts';
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

  test('identities are read as its API takes them, too', () => {
    const read = readerOf('flagsmith');
    const listed = { identifier: 7, traits: [{ trait_key: 'a', trait_value: 1 }, { trait_key: 'b' }] };
    assert.deepEqual(read(listed), { identifier: 7, traits: { a: 1, b: null } });
    assert.match(String(read({ identifier: 'u', traits: [1] })), /traits that are neither/);
    assert.match(String(read({ identifier: true })), /identifier/);
  });
});
