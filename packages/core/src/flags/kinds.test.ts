import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFlag } from './create.ts';
import type { FlagKind } from './flag.ts';
import type { NewFlag } from './input.ts';
import { FLAG_KINDS } from './kinds.ts';
import { accepted, around, problems } from './testing/normalising.ts';

const THREE = [
  { name: 'control', value: 'a' },
  { name: 'second', value: 'b' },
  { name: 'third', value: 'c' },
];

const made = (input: Omit<NewFlag, 'key'>) => accepted(createFlag({ key: 'checkout', ...input }, around()));

function startOf(input: Omit<NewFlag, 'key'>) {
  const { production } = made(input).environments;
  return production && { targets: production.targets, fallthrough: production.fallthrough };
}

const shares = (...parts: readonly (readonly [string, number])[]) => ({
  targets: [],
  fallthrough: { split: parts.map(([variant, percentage]) => ({ variant, percentage })) },
});

test('F2: a kind is a preset over the one rule model: prepared in every environment, on in none', () => {
  const expected: Readonly<Record<FlagKind, unknown>> = {
    boolean: undefined,
    environment: undefined,
    percentage: shares(['on', 10], ['off', 90]),
    user_list: { targets: [{ variant: 'on', keys: [] }], fallthrough: { variant: 'off' } },
    experiment: shares(['on', 50], ['off', 50]),
  };
  for (const kind of FLAG_KINDS) {
    const { environments } = made({ kind });
    assert.deepEqual(startOf({ kind }), expected[kind], kind);
    assert.deepEqual(environments.development, environments.production, kind);
    assert.ok(!Object.values(environments).some(({ enabled }) => enabled), kind);
  }
  assert.deepEqual(made({}).environments, {});
});

test('F2: what is no boolean is prepared to release the first variant that is not the off one', () => {
  const second = { targets: [], fallthrough: { variant: 'second' } };
  assert.deepEqual(startOf({ kind: 'boolean', variants: THREE }), second);
  assert.deepEqual(startOf({ kind: 'environment', variants: THREE }), second);
  assert.deepEqual(startOf({ kind: 'percentage', variants: THREE }), shares(['second', 10], ['control', 90]));
  assert.deepEqual(
    startOf({ kind: 'experiment', variants: THREE }),
    shares(['control', 33.334], ['second', 33.333], ['third', 33.333]),
  );
  const offIsSecond = { production: { off_variant: 'second' } };
  assert.deepEqual(
    startOf({ kind: 'percentage', variants: THREE, environments: offIsSecond }),
    shares(['control', 10], ['second', 90]),
  );
  for (const kind of FLAG_KINDS) assert.equal(startOf({ kind, variants: THREE.slice(0, 1) }), undefined, kind);
});

test('F2: what is said goes before what is prepared', () => {
  const { environments } = made({
    kind: 'user_list',
    environments: {
      production: { enabled: true, targets: [{ variant: 'on', keys: ['ann'] }] },
      development: { enabled: true },
    },
  });
  assert.deepEqual(environments.production?.targets, [{ variant: 'on', keys: ['ann'] }]);
  assert.deepEqual(environments.production?.fallthrough, { variant: 'on' });
  assert.deepEqual(environments.development?.fallthrough, { variant: 'off' });
  assert.equal(environments.development?.enabled, true);
  for (const state of [{ percentage: 40 }, { strategy: { type: 'percentage', percentage: 40 } } as const]) {
    const stated = { kind: 'percentage', environments: { production: state } } as const;
    assert.deepEqual(startOf(stated), shares(['on', 40], ['off', 60]));
  }
  const fallthrough = { variant: 'off' };
  assert.deepEqual(startOf({ kind: 'experiment', environments: { production: { fallthrough } } })?.fallthrough, {
    variant: 'off',
  });
});

test('F2: a strategy for the whole flag goes before its kind, and only where the flag is meant for', () => {
  const strategy = { type: 'percentage', percentage: 25 } as const;
  assert.deepEqual(startOf({ strategy }), shares(['on', 25], ['off', 75]));
  assert.deepEqual(startOf({ kind: 'experiment', strategy }), shares(['on', 25], ['off', 75]));
  assert.deepEqual(startOf({ variants: THREE, strategy }), shares(['second', 25], ['control', 75]));
  const meant = made({ kind: 'percentage', target_environments: ['development'] });
  assert.deepEqual(Object.keys(meant.environments), ['development']);
});

test('what is wrong with a strategy is said once, where it was sent', () => {
  const fields = (input: Omit<NewFlag, 'key'>) =>
    problems(createFlag({ key: 'checkout', ...input }, around())).map(({ field }) => field);
  assert.deepEqual(fields({ strategy: { type: 'percentage', percentage: 101 } }), ['/strategy/percentage']);
  assert.deepEqual(fields({ strategy: { type: 'environment' } }), ['/strategy']);
  assert.deepEqual(fields({ strategy: { type: 'all_users', variant: 'gone' } }), ['/strategy/variant']);
  const split = [{ variant: 'gone', percentage: 100 }];
  assert.deepEqual(fields({ strategy: { type: 'experiment', split } }), ['/strategy/split/0/variant']);
  const own = { production: { percentage: 101 } };
  assert.deepEqual(fields({ strategy: { type: 'all_users' }, environments: own }), [
    '/environments/production/percentage',
  ]);
  assert.deepEqual(fields({ kind: 'percentage', target_environments: ['gone'] }), ['/target_environments/0']);
});
