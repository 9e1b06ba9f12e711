import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concernsEnvironment } from './environment.ts';

const on = { enabled: true };
const off = { enabled: false };
const flag = (owner: string, environments: Record<string, { enabled: boolean }>) => ({ key: 'a', owner, environments });

test('a change of a flag concerns the environment that it changed, and all when it holds in all', () => {
  const entry = {
    noun: 'flags',
    key: 'a',
    before: flag('ann', { staging: off, production: on }),
    after: flag('ann', { staging: on, production: on }),
  } as const;
  assert.equal(concernsEnvironment(entry, 'staging'), true);
  assert.equal(concernsEnvironment(entry, 'production'), false);
  assert.equal(concernsEnvironment(entry, 'development'), false);
  assert.equal(
    concernsEnvironment({ ...entry, after: flag('bo', { staging: off, production: on }) }, 'production'),
    true,
  );
  assert.equal(concernsEnvironment({ ...entry, before: null, after: flag('ann', {}) }, 'production'), true, 'created');
  assert.equal(concernsEnvironment({ ...entry, after: null }, 'development'), true, 'deleted');
});

test('a switch concerns what it covers, and everything when it names nothing', () => {
  const fired = (environments: string[]) =>
    ({ noun: 'switches', key: 's', before: null, after: { scope: 'global', environments } }) as const;
  assert.equal(concernsEnvironment(fired(['staging']), 'staging'), true);
  assert.equal(concernsEnvironment(fired(['staging']), 'production'), false);
  assert.equal(concernsEnvironment(fired([]), 'production'), true);
});

test('what belongs to one environment concerns that one, and what belongs to none concerns none', () => {
  const rollout = { noun: 'rollouts', key: 'r', before: null, after: { plan: { environment: 'staging' } } } as const;
  const service = { noun: 'services', key: 'staging/shop', before: { environment: 'staging' }, after: null } as const;
  const token = { noun: 'access', key: 't', before: null, after: { kind: 'sdk', environment: 'staging' } } as const;
  const itself = { noun: 'environments', key: 'staging', before: null, after: {} } as const;
  for (const entry of [rollout, service, token, itself]) {
    assert.equal(concernsEnvironment(entry, 'staging'), true, entry.noun);
    assert.equal(concernsEnvironment(entry, 'production'), false, entry.noun);
  }
  assert.equal(concernsEnvironment({ ...token, after: { kind: 'admin' } }, 'staging'), false);
  assert.equal(concernsEnvironment({ noun: 'references', key: 'x', before: null, after: {} }, 'staging'), false);
  assert.equal(concernsEnvironment({ noun: 'segments', key: 'x', before: null, after: {} }, 'staging'), true);
});
