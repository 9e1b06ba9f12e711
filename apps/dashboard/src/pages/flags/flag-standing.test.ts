import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Environment, Flag, FlagEnvironment } from '../../documents.ts';
import { standingOf } from './flag-standing.ts';

const environment = (key: string, isProtected: boolean): Environment => ({
  key,
  description: '',
  protected: isProtected,
  recent_contexts: 'off',
  private_attributes: [],
  client_contexts: 'any',
  allowed_origins: [],
  unique_users: true,
  version: 1,
});
const environments = [environment('development', false), environment('production', true)];

const state = (part: Partial<FlagEnvironment>): FlagEnvironment => ({
  enabled: true,
  off_variant: 'off',
  targets: [],
  rules: [],
  fallthrough: { variant: 'on' },
  bucketing: { algorithm: 'spillway-1', by: 'targetingKey', seed: 'f' },
  ...part,
});
const flag = (states: Flag['environments'], lifecycle: Flag['lifecycle'] = 'active'): Flag => ({
  key: 'f',
  type: 'boolean',
  description: '',
  owner: '',
  tags: [],
  services: [],
  variants: [
    { name: 'on', value: true },
    { name: 'off', value: false },
  ],
  lifecycle,
  environments: states,
  version: 1,
});
const standing = (states: Flag['environments']) => standingOf(flag(states), environments, []);

test('F8: a flag goes from draft through test and live to rolled out', () => {
  assert.equal(standing({}), 'draft');
  assert.equal(standing({ development: state({}) }), 'in_test');
  const half = {
    split: [
      { variant: 'on', percentage: 50 },
      { variant: 'off', percentage: 50 },
    ],
  };
  assert.equal(standing({ production: state({ fallthrough: half }) }), 'live');
  assert.equal(standing({ production: state({}) }), 'rolled_out');
  assert.equal(standing({ production: state({ targets: [{ variant: 'off', keys: ['ana'] }] }) }), 'live');
  assert.equal(standing({ production: state({ fallthrough: { variant: 'off' } }) }), 'live');
  assert.equal(standingOf(flag({ production: state({}) }, 'archived'), environments, []), 'archived');
});
