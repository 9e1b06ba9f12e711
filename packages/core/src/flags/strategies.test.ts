import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConditionInput, FlagEnvironmentInput, FlagInput, Strategy } from './input.ts';
import { changeFlagEnvironment, normaliseFlag } from './normalise.ts';
import { accepted, around, fieldsOf, inProduction, normalised, problems } from './testing/normalising.ts';

const FROM = '2026-03-01T09:00:00Z';
const TO = '2026-03-08T09:00:00Z';

function stateOf(state: FlagEnvironmentInput, more: Partial<FlagInput> = {}) {
  const { production } = normalised(inProduction(state, more)).environments;
  assert.ok(production);
  return production;
}

const fallthroughOf = (strategy: Strategy, more: Partial<FlagInput> = {}) => stateOf({ strategy }, more).fallthrough;

test('F2: each strategy is a shorthand for a part of the one rule model', () => {
  assert.deepEqual(fallthroughOf({ type: 'all_users' }), { variant: 'on' });
  assert.deepEqual(fallthroughOf({ type: 'percentage', percentage: 12.345 }), {
    split: [
      { variant: 'on', percentage: 12.345 },
      { variant: 'off', percentage: 87.655 },
    ],
  });
  assert.deepEqual(fallthroughOf({ type: 'gradual', stages: [{ from: FROM, percentage: 5 }] }), {
    stages: { variant: 'on', otherwise: 'off', steps: [{ from: FROM, percentage: 5 }] },
  });
  const line = { from: FROM, to: TO, from_percentage: 0, to_percentage: 100 };
  assert.deepEqual(fallthroughOf({ type: 'gradual', ...line }), { ramp: { variant: 'on', otherwise: 'off', ...line } });
  const split = [
    { variant: 'on', percentage: 50 },
    { variant: 'off', percentage: 50 },
  ];
  assert.deepEqual(fallthroughOf({ type: 'experiment', split }), { split });
  const listed = stateOf({ strategy: { type: 'user_list', users: ['ann', 'bob', 'ann'] } });
  assert.deepEqual(listed.targets, [{ variant: 'on', keys: ['ann', 'bob'] }]);
  assert.deepEqual(listed.fallthrough, { variant: 'off' });
});

test('F2, F7: the environment strategy is on in the target environments and nowhere else', () => {
  const flag = normalised({
    key: 'checkout',
    kind: 'environment',
    target_environments: ['development'],
    environments: {
      development: { strategy: { type: 'environment' } },
      production: { strategy: { type: 'environment' } },
    },
  });
  assert.equal(flag.environments.development?.enabled, true);
  assert.equal(flag.environments.production?.enabled, false);
  assert.deepEqual(fieldsOf(inProduction({ strategy: { type: 'environment' } })), [
    '/environments/production/strategy',
  ]);
});

test('a flag of another type names the variant to release, which is another than the others get', () => {
  const variants = [
    { name: 'blue', value: 'b' },
    { name: 'red', value: 'r' },
  ];
  const field = '/environments/production/strategy/variant';
  const strategy = (variant?: string): Strategy => ({
    type: 'percentage',
    percentage: 10,
    ...(variant === undefined ? {} : { variant }),
  });
  assert.deepEqual(fallthroughOf(strategy('red'), { variants }), {
    split: [
      { variant: 'red', percentage: 10 },
      { variant: 'blue', percentage: 90 },
    ],
  });
  for (const variant of [undefined, 'green', 'blue']) {
    assert.deepEqual(fieldsOf(inProduction({ strategy: strategy(variant) }, { variants })), [field]);
  }
});

test('a shorthand beside what it stands for is refused', () => {
  const base = '/environments/production';
  const strategy = { type: 'all_users' } as const;
  assert.deepEqual(fieldsOf(inProduction({ strategy, percentage: 5 })), [`${base}/strategy`]);
  assert.deepEqual(fieldsOf(inProduction({ strategy, fallthrough: { variant: 'on' } })), [`${base}/strategy`]);
  assert.deepEqual(fieldsOf(inProduction({ percentage: 5, fallthrough: { variant: 'on' } })), [`${base}/percentage`]);
  assert.deepEqual(fieldsOf(inProduction({ strategy: { type: 'user_list', users: [] }, targets: [] })), [
    `${base}/strategy`,
  ]);
});

test('what is wrong with a written-out strategy is said of the strategy, part by part', () => {
  const base = '/environments/production';
  const refused = (state: FlagEnvironmentInput) => fieldsOf(inProduction(state));
  const stages = [
    { from: TO, percentage: 5 },
    { from: FROM, percentage: 50 },
  ];
  assert.deepEqual(refused({ strategy: { type: 'gradual', stages } }), [`${base}/strategy/stages/1/from`]);
  assert.deepEqual(refused({ strategy: { type: 'gradual', stages: [] } }), [`${base}/strategy/stages`]);
  const line = { from: TO, to: FROM, from_percentage: 0, to_percentage: 100 };
  assert.deepEqual(refused({ strategy: { type: 'gradual', ...line } }), [`${base}/strategy/to`]);
  const split = [{ variant: 'on', percentage: 99 }];
  assert.deepEqual(refused({ strategy: { type: 'experiment', split } }), [`${base}/strategy/split`]);
  assert.deepEqual(refused({ strategy: { type: 'user_list', users: ['ann', ''] } }), [`${base}/strategy/users/1`]);
  const targets = [{ variant: 'gone', keys: ['ann'] }];
  assert.deepEqual(refused({ strategy: { type: 'all_users' }, targets }), [`${base}/targets/0/variant`]);
  const change = changeFlagEnvironment(
    normalised(inProduction({})),
    'production',
    { strategy: { type: 'experiment', split } },
    around(),
  );
  assert.deepEqual(
    problems(change).map(({ field }) => field),
    ['/strategy/split'],
  );
});

test('what a strategy does not speak of stays as it was', () => {
  const before = normalised(
    inProduction({ enabled: true, rules: [{ id: 'one', when: { all: [] }, serve: { variant: 'off' } }] }),
  );
  const update: FlagEnvironmentInput = { strategy: { type: 'percentage', percentage: 1 } };
  const after = accepted(changeFlagEnvironment(before, 'production', update, around())).environments.production;
  assert.equal(after?.enabled, true);
  assert.deepEqual(after?.rules, before.environments.production?.rules);
});

test('F3: in_segment and not_in_segment become questions for segments', () => {
  const when = (condition: ConditionInput) =>
    stateOf({ rules: [{ when: condition, serve: { variant: 'on' } }] }).rules[0]?.when;
  assert.deepEqual(when({ operator: 'in_segment', values: ['staff'] }), { segment: 'staff' });
  const either = { any: [{ segment: 'staff' }, { segment: 'beta-testers' }] };
  assert.deepEqual(when({ operator: 'in_segment', values: ['staff', 'beta-testers', 'staff'] }), either);
  assert.deepEqual(when({ all: [{ operator: 'not_in_segment', values: ['staff', 'beta-testers'] }] }), {
    all: [{ not: either }],
  });
});

test('F3: segments that in_segment names are checked where they stand in the request', () => {
  const refused = (condition: ConditionInput) =>
    fieldsOf(inProduction({ rules: [{ when: condition, serve: { variant: 'on' } }] }));
  const base = '/environments/production/rules/0/when';
  assert.deepEqual(refused({ not: { operator: 'in_segment', values: ['staff', 'nobody'] } }), [`${base}/not/values/1`]);
  assert.deepEqual(refused({ operator: 'in_segment', values: [] }), [`${base}/values`]);
  assert.deepEqual(refused({ operator: 'not_in_segment', values: ['No Key'] }), [`${base}/values/0`]);
});

test('F7: a flag is enabled in its target environments only, and these must exist', () => {
  const only = { target_environments: ['development'] };
  const outcome = normaliseFlag(inProduction({ enabled: true }, only), undefined, around());
  const [problem] = problems(outcome);
  assert.equal(problem?.field, '/environments/production/enabled');
  assert.match(problem?.message ?? '', /target_environments are development; add production/);
  assert.deepEqual(fieldsOf({ key: 'a', target_environments: ['moon'] }), ['/target_environments/0']);
  const flag = normalised(inProduction({ enabled: false }, only));
  const change = changeFlagEnvironment(flag, 'production', { enabled: true }, around());
  assert.deepEqual(
    problems(change).map(({ field }) => field),
    ['/enabled'],
  );
});

test('F8: kind, permanence, who manages it and the schema are kept, and left out where they say nothing', () => {
  const flag = normalised({
    key: 'a',
    type: 'json',
    kind: 'experiment',
    permanent: true,
    managed_by: 'git:shop',
    variants: [{ name: 'one', value: { size: 1 } }],
    value_schema: { type: 'object' },
  });
  assert.deepEqual([flag.kind, flag.permanent, flag.managed_by], ['experiment', true, 'git:shop']);
  assert.deepEqual(flag.value_schema, { type: 'object' });
  assert.equal(Object.hasOwn(normalised({ key: 'a', permanent: false }), 'permanent'), false);
  assert.deepEqual(fieldsOf({ key: 'a', value_schema: {} }), ['/value_schema']);
  assert.deepEqual(fieldsOf({ key: 'a', managed_by: '' }), ['/managed_by']);
  const variants = [{ name: 'one', value: {} }];
  const large = { description: 'x'.repeat(40_000) };
  assert.deepEqual(fieldsOf({ key: 'a', type: 'json', variants, value_schema: large }), ['/value_schema']);
});
