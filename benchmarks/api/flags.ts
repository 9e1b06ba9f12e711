import type { Client } from '@spillway/contract/client';

export interface Prepared {
  readonly sdkKey: string;
  readonly flag: string;
  readonly context: Readonly<Record<string, string | number>>;
}

export const ENVIRONMENT = 'production';
const FLAG = 'checkout';
const BY_HAND = { reason: 'benchmark' } as const;
/** Writes under way at once while many flags are made. */
const WRITERS = 32;

/** A flag with a rule and a split, a key for it, and a user whom the rule takes. */
export async function prepareFlag(admin: Client): Promise<Prepared> {
  await createFlag(admin, FLAG);
  const token = await admin.call('createToken', { body: { name: 'bench', kind: 'sdk', environment: ENVIRONMENT } });
  if (!token.ok) throw new Error(token.problem.detail);
  return {
    sdkKey: token.value.secret,
    flag: FLAG,
    context: { targetingKey: 'user-4711', country: 'DE', plan: 'pro', age: 42 },
  };
}

/** As many more, answering how many seconds that took. */
export async function prepareMany(admin: Client, count: number): Promise<number> {
  const start = performance.now();
  let next = 0;
  const writer = async () => {
    for (let index = next++; index < count; index = next++) await createFlag(admin, `flag-${index}`);
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
  return (performance.now() - start) / 1_000;
}

async function createFlag(admin: Client, key: string): Promise<void> {
  const flag = await admin.call('createFlag', {
    query: BY_HAND,
    body: {
      key,
      type: 'boolean',
      description: 'Made by the benchmark.',
      environments: {
        [ENVIRONMENT]: {
          enabled: true,
          rules: [
            {
              id: 'germany',
              when: { attribute: 'country', operator: 'in', values: ['DE', 'AT', 'CH'] },
              serve: { variant: 'on' },
            },
          ],
          fallthrough: {
            split: [
              { variant: 'on', percentage: 20 },
              { variant: 'off', percentage: 80 },
            ],
          },
        },
      },
    },
  });
  if (!flag.ok) throw new Error(`${flag.problem.detail} ${JSON.stringify(flag.problem.errors)}`);
}
