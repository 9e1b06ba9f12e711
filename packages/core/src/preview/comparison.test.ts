import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile, type FlagDefinition, type Snapshot } from '@spillway/evaluator';
import { compareFlag, MAX_EXAMPLES } from './comparison.ts';
import { share95 } from './share.ts';

function configuration(percentage: number | undefined) {
  const flag: FlagDefinition = {
    ...{
      key: 'a',
      version: 1,
      type: 'boolean',
      services: [],
      enabled: true,
      off_variant: 'off',
      targets: [],
      rules: [],
    },
    variants: [
      { name: 'on', value: true },
      { name: 'off', value: false },
    ],
    fallthrough: {
      split: [
        { variant: 'on', percentage: percentage ?? 0 },
        { variant: 'off', percentage: 100 - (percentage ?? 0) },
      ],
    },
    bucketing: { algorithm: 'spillway-1', by: 'targetingKey', seed: 'a' },
  };
  const snapshot: Snapshot = {
    ...{ format: 'spillway.snapshot/1', project: 'default', environment: 'production', number: 1 },
    ...{ flags: percentage === undefined ? {} : { a: flag }, segments: {}, switches: {} },
  };
  return compile(snapshot);
}

const users = Array.from({ length: 2_000 }, (_, index) => ({ targetingKey: `user-${index}` }));

test('F13: raising a percentage changes the users in between, in one direction, and nobody else', () => {
  const comparison = compareFlag('a', configuration(20), configuration(30), 0);
  for (const user of users) comparison.try(user);
  const { contexts, changed, share, transitions, examples } = comparison.result();
  assert.equal(contexts, users.length);
  assert.ok(share.low < 0.1 && 0.1 < share.high, JSON.stringify(share));
  assert.deepEqual(transitions, [
    { from: { variant: 'off', value: false }, to: { variant: 'on', value: true }, count: changed },
  ]);
  assert.equal(examples.length, MAX_EXAMPLES);
});

test('nothing changes where nothing was changed, and a new flag changes from nothing', () => {
  const same = compareFlag('a', configuration(50), configuration(50), 0);
  assert.deepEqual(
    users.filter((user) => same.try(user)),
    [],
  );
  assert.deepEqual(same.result().transitions, []);
  const made = compareFlag('a', configuration(undefined), configuration(100), 0);
  assert.equal(made.try({ targetingKey: 'u' }), true);
  assert.deepEqual(made.result().transitions[0]?.from, { variant: null, value: null });
});

test("Wilson's interval is that of the tables, and keeps to 0 and 1", () => {
  const close = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 5e-4, `${actual}`);
  const { estimate, low, high } = share95(10, 100);
  assert.equal(estimate, 0.1);
  close(low, 0.0552);
  close(high, 0.1744);
  assert.equal(share95(0, 20).low, 0);
  close(share95(0, 20).high, 0.1611);
  assert.deepEqual(share95(0, 0), { estimate: 0, low: 0, high: 1 });
  assert.equal(share95(20, 20).high, 1);
});
