import type { Client } from '@spillway/contract/client';

const ENVIRONMENT = 'production';
const QUERY = { reason: 'soak' };
const CHANGING = ['v0', 'v1', 'v2'] as const;

/** Makes the flags that the application asks, lets contexts be told, and answers an SDK key. */
export async function prepareSoak(admin: Client): Promise<string> {
  const environment = await admin.call('updateEnvironment', {
    params: { key: ENVIRONMENT },
    query: QUERY,
    body: { recent_contexts: 'full' },
  });
  if (!environment.ok) throw new Error(environment.problem.detail);
  await create(admin, 'checkout', 'boolean', [true, false]);
  await create(admin, 'colour', 'string', ['red', 'green', 'blue']);
  await create(admin, 'limit', 'number', [1, 10, 100]);
  await create(admin, 'layout', 'json', [{ columns: 1 }, { columns: 2, order: ['a', 'b'] }]);
  await create(admin, 'changing', 'string', CHANGING);
  const token = await admin.call('createToken', { body: { name: 'soak', kind: 'sdk', environment: ENVIRONMENT } });
  if (!token.ok) throw new Error(token.problem.detail);
  return token.value.secret;
}

type Json = string | number | boolean | { readonly [key: string]: number | readonly string[] };

async function create(
  admin: Client,
  key: string,
  type: 'boolean' | 'string' | 'number' | 'json',
  values: readonly Json[],
): Promise<void> {
  const variants = values.map((value, index) => ({ name: `v${index}`, value: value as string }));
  const rest = 100 - Math.floor(100 / values.length) * (values.length - 1);
  const split = variants.map(({ name }, index) => ({
    variant: name,
    percentage: index === 0 ? rest : Math.floor(100 / values.length),
  }));
  const created = await admin.call('createFlag', {
    query: QUERY,
    body: {
      ...{ key, type, variants },
      environments: {
        [ENVIRONMENT]: {
          enabled: true,
          off_variant: 'v0',
          rules: [
            {
              id: 'pro',
              when: { attribute: 'plan', operator: 'equals', values: ['pro'] },
              serve: { variant: 'v1' },
            },
          ],
          fallthrough: { split },
        },
      },
    },
  });
  if (!created.ok) throw new Error(`${key}: ${JSON.stringify(created.problem)}`);
}

export async function changeSoak(admin: Client, round: number): Promise<void> {
  const changed = await admin.call('updateFlagEnvironment', {
    params: { key: 'changing', environment: ENVIRONMENT },
    query: QUERY,
    body: { fallthrough: { variant: CHANGING[round % CHANGING.length] ?? 'v0' } },
  });
  if (!changed.ok) throw new Error(changed.problem.detail);
}
