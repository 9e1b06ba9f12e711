import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { importText } from '../../apps/cli/src/importing/import.ts';
import { type Imported, imported } from './importing.ts';

const parts = {
  version: 1,
  on: true,
  salt: 's',
  variations: ['a', 'b'],
  offVariation: 1,
  fallthrough: { variation: 0 },
};
const flag = (key: string, more: object = {}) => [key, { ...parts, key, ...more }] as const;
const of = (...flags: readonly (readonly [string, object])[]) =>
  imported('launchdarkly', { flags: Object.fromEntries(flags), segments: {} });
const reason = ({ report }: Imported, key: string) => report.refused.find((each) => each.flag === key)?.reason ?? '';
const user = { kind: 'user', key: 'u' };

describe('S6: LaunchDarkly', () => {
  test('what asks a flag that SDKs fail on before one that is not there fails as well, and after it does not', async () => {
    const malformed = flag('malformed', { fallthrough: { variation: 9 } });
    const requiring = (...keys: readonly string[]) => ({ prerequisites: keys.map((key) => ({ key, variation: 0 })) });
    const result = await of(
      malformed,
      flag('before', requiring('malformed', 'gone')),
      flag('after', requiring('gone', 'malformed')),
    );
    assert.match(reason(result, 'before'), /requires malformed, which is not carried/);
    assert.equal(result.ask('after', user), 'b');
  });

  test('what requires one that is not there keeps what it requires up to there for when it is switched on', () => {
    const prerequisites = ['first', 'gone', 'last'].map((key) => ({ key, variation: 0 }));
    const flags = Object.fromEntries([flag('first'), flag('last'), flag('held', { prerequisites })]);
    const result = importText('launchdarkly', JSON.stringify({ flags, segments: {} }));
    assert.ok(typeof result === 'object');
    const state = result.definitions.flags.held?.all_environments;
    assert.deepEqual([state?.enabled, state?.prerequisites], [false, [{ flag: 'first', variants: ['variation-0'] }]]);
  });

  test('a flag that says of itself what is neither true nor false is refused, and with it what requires it', async () => {
    const prerequisites = [{ key: 'odd', variation: 0 }];
    const result = await of(
      flag('odd', { on: 'yes' }),
      flag('above', { prerequisites }),
      flag('salted', { salt: true, fallthrough: split }),
    );
    assert.match(reason(result, 'odd'), /on is neither true nor false/);
    assert.match(reason(result, 'above'), /on is neither true nor false/);
    assert.match(reason(result, 'salted'), /its salt is not text/);
  });

  test('flags without what stands around them are read, but not what asks for segments that are not there', async () => {
    const clauses = [{ attribute: '', op: 'segmentMatch', values: ['s'] }];
    const flags = Object.fromEntries([flag('plain'), flag('asking', { rules: [{ clauses, variation: 0 }] })]);
    const result = await imported('launchdarkly', flags);
    assert.equal(result.ask('plain', user), 'a');
    assert.match(reason(result, 'asking'), /segment s is not in the file/);
  });

  test('what describes a flag in a list describes it here, and what cannot be carried of it is told', () => {
    const environments = { production: { on: true, salt: 's', offVariation: 1, fallthrough: split, rules: [] } };
    const variations = [{ value: 'a' }, { value: 'b' }];
    const item = { key: 'f', name: 'Greeting', description: ' ', variations, environments };
    const result = importText('launchdarkly', JSON.stringify({ items: [item] }));
    assert.ok(typeof result === 'object');
    assert.equal(result.definitions.flags.f?.description, 'Greeting');
    assert.deepEqual(result.report.carried, [
      {
        flag: 'f',
        key: 'f',
        notes: ['its experiment goes on as shares of users: what is measured of it is not carried'],
      },
    ]);
  });

  test('what is marked as deleted is not there, however it is marked', async () => {
    const { report } = await of(flag('gone', { deleted: 1 }), flag('there', { deleted: false }));
    assert.deepEqual([report.carried.map((each) => each.flag), report.refused], [['there'], []]);
  });
});

const split = {
  rollout: {
    kind: 'experiment',
    variations: [
      { variation: 0, weight: 50_000 },
      { variation: 1, weight: 50_000 },
    ],
  },
};
