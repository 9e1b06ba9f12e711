import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile, explain, type Snapshot } from '@spillway/evaluator';
import { traceText } from './trace-tree.ts';

const NOW = Date.parse('2026-03-01T09:00:00Z');

const SNAPSHOT: Snapshot = {
  format: 'spillway.snapshot/1',
  project: 'default',
  environment: 'production',
  number: 1,
  switches: {},
  segments: {
    vips: {
      key: 'vips',
      version: 1,
      when: { any: [] },
      score: { threshold: 3, rules: [{ weight: 2, when: { all: [] } }] },
    },
  },
  flags: {
    checkout: {
      key: 'checkout',
      version: 1,
      type: 'boolean',
      services: [],
      variants: [
        { name: 'on', value: true },
        { name: 'off', value: false },
      ],
      enabled: true,
      off_variant: 'off',
      targets: [],
      rules: [
        {
          id: 'large',
          when: {
            any: [
              { attribute: 'organisation', path: ['size'], operator: 'greater_than', values: [100] },
              { attribute: 'organisation.size', operator: 'exists', values: [] },
              { segment: 'vips' },
            ],
          },
          serve: { variant: 'on' },
        },
        {
          id: 'rest',
          when: { all: [] },
          serve: {
            split: [
              { variant: 'on', percentage: 10 },
              { variant: 'off', percentage: 90 },
            ],
          },
        },
      ],
      fallthrough: { variant: 'off' },
      bucketing: { algorithm: 'spillway-1', by: 'organisation', path: ['key'], seed: 'checkout' },
    },
  },
};

test('F9: what stands inside an attribute is told apart from a name with dots, and a condition of no parts says who it is', () => {
  const context = { organisation: { key: 'acme', size: 7 } };
  const { trace } = explain(compile(SNAPSHOT), 'checkout', context, NOW, null);
  const lines = traceText('checkout', trace).split('\n');
  assert.deepEqual(lines.slice(0, 9), [
    'checkout: a rule matched',
    '├─ ✖ rule large',
    '│  └─ ✖ at least one of these',
    '│     ├─ ✖ organisation → size greater than 100: it is 7',
    '│     ├─ ✖ organisation.size exists: the context has none',
    '│     └─ ✖ segment vips',
    '│        └─ ✖ score 2 of 3',
    '│           └─ ✔ everybody (weight 2)',
    '├─ ✔ rule rest',
  ]);
  assert.equal(lines[9], '│  └─ ✔ everybody');
  assert.match(lines[10] ?? '', /from organisation → key "acme" and seed "checkout"/);
});
