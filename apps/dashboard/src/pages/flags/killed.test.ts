import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KillSwitch } from '../../documents.ts';
import { killedBy } from './killed.ts';

const flag = { key: 'checkout-v2', services: ['shop'] };

const fired = (part: Partial<KillSwitch>): KillSwitch => ({
  key: 'stop',
  description: '',
  scope: 'global',
  affects: [],
  environments: [],
  version: 2,
  state: { is: 'triggered', activated: { at_ms: 0, actor: 'ana', reason: 'incident' } },
  ...part,
});

test('K1: a flag is shown as killed by a fired switch over everything, its service or itself', () => {
  const covering = [
    fired({}),
    fired({ scope: 'feature', affects: ['checkout-v2'] }),
    fired({ scope: 'service', affects: ['shop'] }),
    fired({ environments: ['production'] }),
  ];
  for (const item of covering) assert.equal(killedBy(flag, 'production', [item]).length, 1, JSON.stringify(item));
});

test('K1: a switch that is armed, elsewhere or about something else does not touch it', () => {
  const others = [
    fired({ state: { is: 'inactive' } }),
    fired({ environments: ['staging'] }),
    fired({ scope: 'feature', affects: ['checkout'] }),
    fired({ scope: 'service', affects: ['checkout-v2'] }),
  ];
  assert.deepEqual(killedBy(flag, 'production', others), []);
});
