import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition } from '@spillway/evaluator';
import type { FlagInput } from './input.ts';
import { MAX_CONDITION_DEPTH } from './limits.ts';
import { changeFlagEnvironment, normaliseFlag } from './normalise.ts';
import { accepted, around, fieldsOf, inProduction, problems } from './testing/normalising.ts';

const when = (condition: unknown) =>
  inProduction({ rules: [{ when: condition as Condition, serve: { variant: 'on' } }] });

test('a key alone is a boolean flag with on and off, off everywhere', () => {
  const flag = accepted(normaliseFlag({ key: 'checkout' }, undefined, around()));
  assert.deepEqual(flag, {
    key: 'checkout',
    type: 'boolean',
    description: '',
    owner: '',
    tags: [],
    services: [],
    variants: [
      { name: 'on', value: true },
      { name: 'off', value: false },
    ],
    lifecycle: 'active',
    environments: {},
  });
});

test('F1: the type is inferred from the variants, and variants of mixed types make a JSON flag', () => {
  const typeOf = (...values: (string | number | boolean | null)[]) =>
    accepted(
      normaliseFlag(
        { key: 'a', variants: values.map((value, index) => ({ name: `v${index}`, value })) },
        undefined,
        around(),
      ),
    ).type;
  assert.equal(typeOf('a', 'b'), 'string');
  assert.equal(typeOf(0, 1), 'number');
  assert.equal(typeOf(true, false), 'boolean');
  assert.equal(typeOf('a', 1), 'json');
  assert.equal(typeOf(null), 'json');
});

test('F4: the percentage shorthand is a split with on first, exact to the thousandth', () => {
  for (const percentage of [0, 0.001, 0.1, 33.333, 57.3, 99.999, 100]) {
    const flag = accepted(normaliseFlag(inProduction({ enabled: true, percentage }), undefined, around()));
    const state = flag.environments.production;
    assert.ok(state && 'split' in state.fallthrough);
    const [on, off] = state.fallthrough.split;
    assert.deepEqual([on?.variant, off?.variant, on?.percentage], ['on', 'off', percentage]);
    assert.equal(Math.round((off?.percentage ?? 0) * 1000) + Math.round(percentage * 1000), 100_000);
  }
});

test('a bad percentage is refused by name', () => {
  for (const percentage of [-1, 100.001, 0.0001, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.deepEqual(fieldsOf(inProduction({ percentage })), ['/environments/production/percentage']);
  }
  assert.deepEqual(fieldsOf(inProduction({ percentage: 5, fallthrough: { variant: 'on' } })), [
    '/environments/production/percentage',
  ]);
  assert.deepEqual(fieldsOf(inProduction({ percentage: 5 }, { variants: [{ name: 'a', value: 'x' }] })), [
    '/environments/production/percentage',
  ]);
});

test('F4: a split must sum to 100 in whole thousandths, each variant known and named once', () => {
  const split = (...parts: [string, number][]) =>
    inProduction({ fallthrough: { split: parts.map(([variant, percentage]) => ({ variant, percentage })) } });
  accepted(normaliseFlag(split(['on', 33.333], ['off', 66.667]), undefined, around()));
  accepted(normaliseFlag(split(['on', 0], ['off', 100]), undefined, around()));
  const base = '/environments/production/fallthrough/split';
  assert.deepEqual(fieldsOf(split(['on', 33.333], ['off', 66.666])), [base]);
  assert.deepEqual(fieldsOf(split(['on', 50], ['on', 50])), [`${base}/1/variant`]);
  assert.deepEqual(fieldsOf(split(['on', 50], ['blue', 50])), [`${base}/1/variant`]);
  assert.deepEqual(fieldsOf(split(['on', 120], ['off', -20])), [`${base}/0/percentage`]);
});

test('F1: a variant of the wrong type is refused, and every problem of a flag is named at once', () => {
  const fields = fieldsOf({
    key: 'Not A Key',
    type: 'number',
    tags: ['ok', 'not ok'],
    variants: [
      { name: 'a', value: 1 },
      { name: 'a', value: 'two' },
    ],
    environments: { production: { off_variant: 'gone' }, prod: {}, constructor: {} },
  });
  assert.deepEqual(fields, [
    '/key',
    '/tags/1',
    '/variants/1/name',
    '/variants/1/value',
    '/environments/production/off_variant',
    '/environments/prod',
    '/environments/constructor',
  ]);
});

test('F3: each operator takes as many values as it can use, of the kind it can use', () => {
  const values = '/environments/production/rules/0/when/values';
  const bad: [string, unknown[], string][] = [
    ['equals', [], values],
    ['equals', [{}], `${values}/0`],
    ['between', [1], values],
    ['between', [2, 1], values],
    ['between', ['a', 'b'], `${values}/0`],
    ['in', [], values],
    ['greater_than', ['3'], `${values}/0`],
    ['semver_less_than', ['one'], `${values}/0`],
    ['before', ['2026-02-30'], `${values}/0`],
    ['before', ['yesterday'], `${values}/0`],
    ['regex', ['('], `${values}/0`],
    ['regex', ['x'.repeat(2_000)], `${values}/0`],
    ['starts_with', ['\ud800'], `${values}/0`],
    ['exists', ['x'], values],
    ['constructor', ['x'], '/environments/production/rules/0/when/operator'],
  ];
  for (const [operator, given, field] of bad) {
    const found = fieldsOf(when({ attribute: 'a', operator, values: given }));
    assert.equal(found[0], field, `${operator} ${JSON.stringify(given)}`);
  }
  const good: [string, unknown[]][] = [
    ['equals', [true]],
    ['between', [1, 1]],
    ['in', ['a', 2]],
    ['semver_greater_than', ['1.2.3-rc.1']],
    ['after', ['2026-02-28T12:00:00Z']],
    ['before', [1_700_000_000_000]],
    ['regex', ['^a+b$']],
    ['exists', []],
  ];
  for (const [operator, given] of good) {
    accepted(normaliseFlag(when({ attribute: 'a', operator, values: given }), undefined, around()));
  }
});

test('F3: nesting is bounded, and 10,000 levels are refused without a crash', () => {
  const nested = (depth: number): unknown => {
    let condition: unknown = { attribute: 'a', operator: 'exists', values: [] };
    for (let level = 1; level < depth; level += 1) condition = { not: condition };
    return condition;
  };
  accepted(normaliseFlag(when(nested(MAX_CONDITION_DEPTH)), undefined, around()));
  assert.equal(fieldsOf(when(nested(MAX_CONDITION_DEPTH + 1))).length, 1);
  assert.equal(fieldsOf(when(nested(10_000))).length, 1);
});

test('a variant value is bounded in depth and holds no magic names', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 10_000; level += 1) deep = [deep];
  const withValue = (value: unknown) => ({ key: 'a', type: 'json', variants: [{ name: 'v', value }] }) as FlagInput;
  assert.equal(fieldsOf(withValue(deep)).length, 1);
  assert.deepEqual(fieldsOf(withValue(JSON.parse('{"a":{"__proto__":1}}'))), ['/variants/0/value/a/__proto__']);
});

test('unknown segments are named', () => {
  accepted(normaliseFlag(when({ segment: 'beta-testers' }), undefined, around()));
  assert.deepEqual(fieldsOf(when({ any: [{ segment: 'nobody' }] })), [
    '/environments/production/rules/0/when/any/0/segment',
  ]);
});

test('a target key may stand in one target only', () => {
  const targets = [
    { variant: 'on', keys: ['ann', 'bob', 'ann'] },
    { variant: 'off', keys: ['bob'] },
  ];
  assert.deepEqual(fieldsOf(inProduction({ targets })), ['/environments/production/targets/1/keys/0']);
});

test('F7: changing one environment keeps what is left out and every other environment', () => {
  const flag = accepted(
    normaliseFlag(
      {
        key: 'checkout',
        environments: {
          development: { enabled: true },
          production: { enabled: true, percentage: 10, targets: [{ variant: 'on', keys: ['ann'] }] },
        },
      },
      undefined,
      around(),
    ),
  );
  const changed = accepted(changeFlagEnvironment(flag, 'production', { percentage: 25 }, around()));
  assert.deepEqual(changed.environments.development, flag.environments.development);
  const state = changed.environments.production;
  assert.equal(state?.enabled, true);
  assert.deepEqual(state?.targets, [{ variant: 'on', keys: ['ann'] }]);
  assert.deepEqual(state?.fallthrough, {
    split: [
      { variant: 'on', percentage: 25 },
      { variant: 'off', percentage: 75 },
    ],
  });
  assert.deepEqual(
    problems(changeFlagEnvironment(flag, 'production', { off_variant: 'gone' }, around())).map(({ field }) => field),
    ['/off_variant'],
  );
});

test('an unchanged rule that comes back without an id keeps the id it had', () => {
  const rule = (country: string) => ({
    when: { attribute: 'country', operator: 'equals', values: [country] } as const,
    serve: { variant: 'on' },
  });
  const ids = around();
  const first = accepted(normaliseFlag(inProduction({ rules: [rule('de'), rule('fr')] }), undefined, ids));
  const second = accepted(normaliseFlag(inProduction({ rules: [rule('it'), rule('fr'), rule('de')] }), first, ids));
  assert.deepEqual(
    second.environments.production?.rules.map(({ id }) => id),
    ['rule-3', 'rule-2', 'rule-1'],
  );
});
