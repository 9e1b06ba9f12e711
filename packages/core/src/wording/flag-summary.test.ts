import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Flag, FlagEnvironment } from '../flags/flag.ts';
import { inProduction, normalised } from '../flags/testing/normalising.ts';
import { flagSummary } from './flag-summary.ts';

const rule = (id: string, variant = 'on') => ({
  id,
  when: { attribute: 'country', operator: 'in', values: ['NZ'] } as const,
  serve: { variant },
});

const split = (percentage: number) => ({
  split: [
    { variant: 'on', percentage },
    { variant: 'off', percentage: 100 - percentage },
  ],
});

const NEW = normalised({ key: 'a' });
const OFF = normalised(inProduction({ fallthrough: { variant: 'on' } })).environments.production ?? assert.fail();

const state = (more: Partial<FlagEnvironment> = {}): FlagEnvironment => ({ ...OFF, ...more });
const flag = (more: Partial<Flag> = {}): Flag => ({ ...NEW, ...more });
const within = (environments: Flag['environments']) => flag({ environments });

test('what a person did is told as they would say it', () => {
  const before = within({ production: state({ rules: [rule('beta')], fallthrough: split(10) }) });
  const made = '0b5f0c6e-9f9e-4f9e-8f9e-0123456789ab';
  const after = within({
    production: state({ enabled: true, rules: [rule('beta'), rule(made)], fallthrough: split(25) }),
  });
  assert.equal(flagSummary(before, after), 'production: turned on, rule 2 added, rollout of on 10 % → 25 %');
  assert.equal(flagSummary(after, before), 'production: turned off, rule 2 removed, rollout of on 25 % → 10 %');
});

test('beginnings, ends and details are told', () => {
  const on = within({ production: state({ enabled: true }), staging: state() });
  assert.equal(flagSummary(undefined, flag()), 'created, off everywhere');
  assert.equal(flagSummary(undefined, on), 'created, on in production');
  assert.equal(flagSummary(on, undefined), 'deleted');
  assert.equal(flagSummary(on, { ...on, lifecycle: 'archived' }), 'archived');
  assert.equal(flagSummary({ ...on, lifecycle: 'archived' }, on), 'brought back');
  assert.equal(flagSummary(flag({ owner: 'shop' }), flag({ owner: 'web' })), 'owner shop → web');
  assert.equal(flagSummary(flag({ owner: 'shop' }), flag()), 'owner no longer shop');
  assert.equal(flagSummary(flag(), flag({ managed_by: 'files' })), 'managed by files');
  assert.equal(flagSummary(flag(), flag({ description: 'x'.repeat(500) })), 'description changed');
  assert.equal(
    flagSummary(flag(), flag({ variants: [...flag().variants, { name: 'b', value: false }] })),
    'variant b false',
  );
});

test('people who always get something are counted, not listed', () => {
  const target = (keys: readonly string[]) => state({ targets: [{ variant: 'on', keys: [...keys] }] });
  assert.equal(
    flagSummary(within({ staging: target(['a', 'b']) }), within({ staging: target(['b', 'c', 'd']) })),
    'staging: always on: 2 added, 1 removed',
  );
});

test('from one variant to shares, and a rule that serves something else', () => {
  assert.equal(
    flagSummary(within({ staging: state() }), within({ staging: state({ fallthrough: split(5) }) })),
    'staging: everyone else gets on → 5 % on · 95 % off',
  );
  assert.equal(
    flagSummary(
      within({ staging: state({ rules: [rule('beta')] }) }),
      within({ staging: state({ rules: [rule('beta', 'off')] }) }),
    ),
    'staging: rule beta changed',
  );
});

test('of a change of everything, the beginning is told and the rest counted', () => {
  const many = (enabled: boolean) =>
    within(Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`env-${index}`, state({ enabled })])));
  const summary = flagSummary(many(false), many(true));
  assert.match(summary, /^env-0: turned on; env-1: turned on;.*; and 28 more$/);
});

test('what is not shown is said to be so', () => {
  assert.equal(flagSummary(flag(), flag()), 'nothing that is shown changed');
});
