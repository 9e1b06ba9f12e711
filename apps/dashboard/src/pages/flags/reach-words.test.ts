import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asksForKeys, reachWords } from './reach-words.ts';

test('whom a rule matches is told with what targets and rules above take of it', () => {
  assert.equal(
    reachWords({ matches: 3_120, decides: 3_120 }, 10_000),
    'Matches 3,120 of the last 10,000 contexts (31 %).',
  );
  assert.match(
    reachWords({ matches: 30, decides: 20 }, 40),
    /75 %\); targets and rules above decide for 10 of them\.$/,
  );
  assert.match(reachWords({ matches: 5, decides: 0 }, 40), /, but targets and rules above decide for all of them\.$/);
  assert.match(reachWords({ matches: 0, decides: 0 }, 40), /^Matches 0 of the last 40 contexts \(0 %\)\.$/);
});

test('a condition on the targeting key is found at any depth', () => {
  const key = { attribute: 'targetingKey', operator: 'equals', values: ['ana'] } as const;
  const age = { attribute: 'age', operator: 'less_than', values: [3] } as const;
  assert.equal(asksForKeys({ all: [age, { not: { any: [key] } }] }), true);
  assert.equal(asksForKeys({ all: [age, { segment: 'beta' }] }), false);
});
