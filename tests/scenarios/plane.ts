import assert from 'node:assert/strict';
import { type Client, createClient } from '@spillway/contract/client';
import { ADMIN_TOKEN } from '../../apps/relay/src/testing/processes.ts';
import type { Scenario } from './scenario.ts';

export const ENVIRONMENT = 'production';
const REASON = 'scenario';

/** What people do on the control plane while a scenario runs. */
export interface Plane {
  issueKey(kind: 'sdk' | 'client'): Promise<string>;
  revokeKey(): Promise<void>;
  define(flags: Scenario['flags'], more: number): Promise<void>;
  serve(flag: string, variant: string): Promise<void>;
  fireSwitch(flag: string): Promise<void>;
  releaseSwitch(flag: string): Promise<void>;
}

export function planeAt(url: () => string): Plane {
  const admin = (): Client => createClient({ baseUrl: url(), token: ADMIN_TOKEN });
  let keyName = '';
  return {
    async issueKey(kind) {
      const body = { name: `scenario-${kind}`, kind, environment: ENVIRONMENT };
      const token = await admin().call('createToken', { body });
      assert.ok(token.ok, JSON.stringify(token));
      keyName = token.value.key;
      return token.value.secret;
    },
    async revokeKey() {
      const revoked = await admin().call('revokeToken', { params: { key: keyName } });
      assert.ok(revoked.ok, JSON.stringify(revoked));
    },
    async define(flags, more) {
      const definitions = { flags: { ...Object.fromEntries(Object.entries(flags).map(defined)), ...further(more) } };
      const plan = await admin().call('planDefinitions', { body: { definitions } });
      assert.ok(plan.ok, JSON.stringify(plan).slice(0, 2_000));
      const { fingerprint } = plan.value;
      const applied = await admin().call('applyDefinitions', { body: { definitions, fingerprint, reason: REASON } });
      assert.ok(applied.ok, JSON.stringify(applied).slice(0, 2_000));
    },
    async serve(flag, variant) {
      const changed = await admin().call('updateFlagEnvironment', {
        params: { key: flag, environment: ENVIRONMENT },
        query: { reason: REASON },
        body: { fallthrough: { variant } },
      });
      assert.ok(changed.ok, JSON.stringify(changed));
    },
    async fireSwitch(flag) {
      const fired = await admin().call('activateSwitch', {
        params: { key: `stop-${flag}` },
        body: { reason: REASON, scope: 'feature', affects: [flag] },
      });
      assert.ok(fired.ok, JSON.stringify(fired));
    },
    async releaseSwitch(flag) {
      const released = await admin().call('releaseSwitch', {
        params: { key: `stop-${flag}` },
        body: { reason: REASON },
      });
      assert.ok(released.ok, JSON.stringify(released));
    },
  };
}

/** Switched off, a flag answers its last value. */
function defined([key, { values, serves }]: [string, Scenario['flags'][string]]) {
  const variants = Object.entries(values).map(([name, value]) => ({ name, value }));
  const { name: off, value } = variants.at(-1) ?? { name: 'off', value: false };
  const type = typeof value as 'boolean' | 'string' | 'number';
  return [
    key,
    {
      type,
      variants,
      environments: { [ENVIRONMENT]: { enabled: true, off_variant: off, fallthrough: { variant: serves } } },
    },
  ] as const;
}

function further(count: number): Record<string, { readonly type: 'boolean' }> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`flag-${index}`, { type: 'boolean' }]));
}
