import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { holds } from '../testing/imported.ts';

describe('versions of three numbers', () => {
  const order = (one: string, other: string) => {
    const holding = (op: string) => holds('unleash', { op, field: 'v', value: other }, { v: one });
    return ['SEMVER_LT', 'SEMVER_EQ', 'SEMVER_GT'].map(holding).indexOf(true) - 1;
  };

  test('of pre-releases, numbers come in order and before words, words in order, and shorter before longer', () => {
    const ordered = [
      '1.0.0-2',
      '1.0.0-11',
      '1.0.0-1a',
      '1.0.0-A',
      '1.0.0-a',
      '1.0.0-a.1',
      '1.0.0-a.1.x',
      '1.0.0-a.2',
      '1.0.0-a.11',
      '1.0.0-a.a1',
      '1.0.0-b',
      '1.0.0-b1',
      '1.0.0',
      '2.0.0',
    ];
    for (const [index, one] of ordered.entries()) {
      for (const [at, other] of ordered.entries()) {
        assert.equal(order(one, other), Math.sign(index - at), `${one} and ${other}`);
      }
    }
  });

  test('numbers are exact, or none', () => {
    assert.equal(order('1.0.9007199254740991', '1.0.0'), 1);
    assert.equal(order('1.0.9007199254740992', '1.0.0'), -2);
  });
});
