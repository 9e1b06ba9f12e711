import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EvaluationContext, Json } from '../../index.ts';
import { holds } from '../../testing/imported.ts';

describe('GrowthBook', () => {
  const asked = (condition: Json, context: object) => holds('growthbook', { condition }, context as EvaluationContext);

  test('what is undefined is as little there as what is missing', () => {
    for (const context of [{}, { a: undefined }, { a: null }]) {
      assert.equal(asked({ a: { $exists: true } }, context), false);
      assert.equal(asked({ a: { $exists: false } }, context), true);
    }
    const anyIsAbsent = { a: { $elemMatch: { $exists: false } } };
    for (const a of [[], [undefined], [null], ['x', undefined]]) assert.equal(asked(anyIsAbsent, { a }), false);
  });

  test('where case does not count, texts are alike in small letters', () => {
    const among = (a: string) => asked({ a: { $ini: ['Straße', 'X'] } }, { a });
    assert.deepEqual(['STRAßE', 'x', 'STRASSE'].map(among), [true, true, false]);
  });
});
