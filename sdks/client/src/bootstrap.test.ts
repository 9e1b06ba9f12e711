import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile, type Snapshot } from '@spillway/evaluator';
import { bootstrapOf } from './bootstrap.ts';

const snapshot: Snapshot = {
  format: 'spillway.snapshot/1',
  project: 'default',
  environment: 'production',
  number: 7,
  flags: {
    checkout: {
      key: 'checkout',
      version: 1,
      type: 'boolean',
      variants: [
        { name: 'on', value: true },
        { name: 'off', value: false },
      ],
      services: [],
      enabled: true,
      off_variant: 'off',
      targets: [],
      rules: [
        {
          id: 'sekrit-rule',
          when: { attribute: 'sekrit', operator: 'equals', values: ['sekrit-value'] },
          serve: { variant: 'on' },
        },
      ],
      fallthrough: {
        split: [
          { variant: 'on', percentage: 50 },
          { variant: 'off', percentage: 50 },
        ],
      },
      bucketing: { algorithm: 'spillway-1', by: 'targetingKey', seed: 'sekrit-seed' },
    },
  },
  segments: {},
  switches: {},
};

test('a page is given values and nothing of how they came about', () => {
  const matched = bootstrapOf(compile(snapshot), { sekrit: 'sekrit-value' }, 0);
  assert.deepEqual(matched, {
    configuration: 7,
    flags: { checkout: { value: true, reason: 'TARGETING_MATCH', variant: 'on' } },
  });
  const failed = bootstrapOf(compile(snapshot), {}, 0);
  assert.equal(failed.flags.checkout?.errorCode, 'TARGETING_KEY_MISSING');
  assert.ok(!JSON.stringify([matched, failed]).includes('sekrit'));
  assert.deepEqual(bootstrapOf(undefined, {}, 0), { configuration: 0, flags: {} });
});
