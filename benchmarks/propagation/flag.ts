import type { Client } from '@spillway/contract/client';

export const FLAG = 'propagated';
export const ENVIRONMENT = 'production';
const VARIANTS = 50;
const REASON = { reason: 'benchmark' };

/** Makes the flag that is changed, and answers an SDK key. */
export async function prepareFlag(admin: Client): Promise<string> {
  const flag = await admin.call('createFlag', {
    query: REASON,
    body: {
      key: FLAG,
      type: 'string',
      variants: Array.from({ length: VARIANTS }, (_, index) => ({ name: `v${index}`, value: `v${index}` })),
      environments: { [ENVIRONMENT]: { enabled: true, off_variant: 'v0', fallthrough: { variant: 'v0' } } },
    },
  });
  if (!flag.ok) throw new Error(flag.problem.detail);
  const token = await admin.call('createToken', { body: { name: 'fleet', kind: 'sdk', environment: ENVIRONMENT } });
  if (!token.ok) throw new Error(token.problem.detail);
  return token.value.secret;
}

/** One change, another one in each round. */
export async function changeFlag(admin: Client, round: number): Promise<void> {
  const change = await admin.call('updateFlagEnvironment', {
    params: { key: FLAG, environment: ENVIRONMENT },
    query: REASON,
    body: { fallthrough: { variant: `v${round % VARIANTS}` } },
  });
  if (!change.ok) throw new Error(change.problem.detail);
}
