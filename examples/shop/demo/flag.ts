import type { Client } from '@spillway/contract/client';

/**
 * Makes the shop's one flag, `free-shipping`, on for half of the visitors, and a key for the shop to ask for it with.
 * Gives the variables that tell the shop about it. A shop without a flag sells as well, so a refusal is no failure.
 */
export async function prepareFlag(api: Client, url: string, environment: string): Promise<Record<string, string>> {
  await api.call('createFlag', {
    query: { reason: 'the demo' },
    body: {
      key: 'free-shipping',
      type: 'boolean',
      description: 'The banner above the products',
      environments: { [environment]: { enabled: true, percentage: 50 } },
    },
  });
  const token = await api.call('createToken', { body: { name: 'shop', kind: 'sdk', environment } });
  return token.ok ? { SPILLWAY_URL: url, SPILLWAY_SDK_KEY: token.value.secret } : {};
}
