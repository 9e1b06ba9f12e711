import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlagDefinition, RuleDefinition, Snapshot } from '@spillway/evaluator';
import { countRuleReach } from './rule-reach.ts';

const RULES: readonly RuleDefinition[] = [
  {
    id: 'beta',
    when: { segment: 'beta' },
    serve: {
      split: [
        { variant: 'on', percentage: 1 },
        { variant: 'off', percentage: 99 },
      ],
    },
  },
  { id: 'adults', when: { attribute: 'age', operator: 'greater_than', values: [17] }, serve: { variant: 'on' } },
  { id: 'everybody', when: { all: [] }, serve: { value: true } },
];

const FLAG: FlagDefinition = {
  ...{ key: 'a', version: 1, type: 'boolean', services: [], enabled: false, off_variant: 'off' },
  variants: [
    { name: 'on', value: true },
    { name: 'off', value: false },
  ],
  prerequisites: [{ flag: 'gone', variants: ['on'] }],
  targets: [{ variant: 'on', keys: ['user-0'] }],
  rules: RULES,
  fallthrough: { variant: 'on' },
  bucketing: { algorithm: 'spillway-1', by: 'targetingKey', seed: 'a' },
};

const SNAPSHOT: Snapshot = {
  ...{ format: 'spillway.snapshot/1', project: 'p', environment: 'e', number: 1 },
  flags: {},
  segments: { beta: { key: 'beta', version: 1, when: { attribute: 'beta', operator: 'equals', values: [true] } } },
  switches: { all: { key: 'all', version: 1, scope: 'global', affects: [] } },
};

/** Forty users: the first ten are in the beta, the odd ones are adults. */
const USERS = Array.from({ length: 40 }, (_, index) => ({
  targetingKey: `user-${index}`,
  beta: index < 10,
  age: index % 2 === 1 ? 30 : 12,
}));

function reachOf(flag: FlagDefinition) {
  const count = countRuleReach(SNAPSHOT, flag, 0);
  for (const user of USERS) count.look(user);
  return count.result();
}

test('F13: each rule is told whom it matches, and for whom it would decide below targets and earlier rules', () => {
  assert.deepEqual(reachOf(FLAG), [
    { id: 'beta', matches: 10, decides: 9 },
    { id: 'adults', matches: 20, decides: 15 },
    { id: 'everybody', matches: 40, decides: 15 },
  ]);
});

test('a flag that is off, killed or lacks a prerequisite counts as if it were on', () => {
  const { prerequisites: _, ...free } = FLAG;
  assert.deepEqual(reachOf({ ...free, enabled: true }), reachOf(FLAG));
});

test('a user without the key that a split goes by is still one for whom the rule decides', () => {
  const count = countRuleReach(SNAPSHOT, FLAG, 0);
  count.look({ beta: true });
  assert.deepEqual(count.result()[0], { id: 'beta', matches: 1, decides: 1 });
});

test('a rule that asks another flag is about those whom that flag serves it', () => {
  const { prerequisites: _, ...free } = FLAG;
  const base = { ...free, key: 'base', enabled: true, rules: [], fallthrough: { variant: 'off' } };
  const rules = [{ id: 'asks', when: { flag: 'base', variants: ['on'] }, serve: { variant: 'on' } }];
  const count = countRuleReach({ ...SNAPSHOT, flags: { base } }, { ...FLAG, targets: [], rules }, 0);
  for (const user of USERS) count.look(user);
  assert.deepEqual(count.result(), [{ id: 'asks', matches: 1, decides: 1 }]);
});

test('a rule that names an unknown segment is about nobody, and does not silence the others', () => {
  const [, adults] = RULES;
  assert.ok(adults !== undefined);
  const rules = [{ id: 'lost', when: { segment: 'nowhere' }, serve: { variant: 'on' } }, adults];
  assert.deepEqual(reachOf({ ...FLAG, rules, targets: [] }), [
    { id: 'lost', matches: 0, decides: 0 },
    { id: 'adults', matches: 20, decides: 20 },
  ]);
});
