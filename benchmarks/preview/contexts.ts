import { createHash } from 'node:crypto';
import type { Client } from '@spillway/contract/client';

export const ENVIRONMENT = 'production';
export const CONTEXTS = 10_000;
const PER_SUMMARY = 500;
const BY_HAND = { reason: 'benchmark' } as const;
const COUNTRIES = ['DE', 'AT', 'CH', 'FR', 'IT', 'US'];

/** An environment that keeps the most contexts there can be, each of a dozen attributes, told as an SDK tells them. */
export async function collectContexts(admin: Client, url: string): Promise<void> {
  const update = { recent_contexts: 'full' } as const;
  const settings = await admin.call('updateEnvironment', {
    params: { key: ENVIRONMENT },
    query: BY_HAND,
    body: update,
  });
  if (!settings.ok) throw new Error(settings.problem.detail);
  const token = await admin.call('createToken', { body: { name: 'bench', kind: 'sdk', environment: ENVIRONMENT } });
  if (!token.ok) throw new Error(token.problem.detail);
  for (let first = 0; first < CONTEXTS; first += PER_SUMMARY) await tell(url, token.value.secret, first);
}

async function tell(url: string, secret: string, first: number): Promise<void> {
  const now = new Date().toISOString();
  const items = Array.from({ length: PER_SUMMARY }, (_, index) => {
    return { rank: first + index, context: contextOf(first + index) };
  });
  const response = await fetch(`${url}/api/v1/sdk/summaries`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ from: now, to: now, counts: [], contexts: { recent_contexts: 'full', items } }),
  });
  if (!response.ok) throw new Error(`contexts were not taken: ${response.status} ${await response.text()}`);
}

function contextOf(index: number) {
  const digest = createHash('sha256').update(`user ${index}`).digest('hex');
  return {
    targetingKey: digest.slice(0, 32),
    country: COUNTRIES[index % COUNTRIES.length] ?? 'DE',
    ...{ plan: index % 4 === 0 ? 'pro' : 'free', age: 18 + (index % 60), beta: index % 10 === 0 },
    ...{ app_version: `4.${index % 20}.${index % 7}`, platform: index % 2 === 0 ? 'ios' : 'android' },
    ...{ session_count_last_30_days: index % 40, language: 'de-DE', email: `${digest.slice(0, 10)}@example.com` },
    organisation: { id: digest.slice(32, 48), size: index % 500 },
    groups: ['a', 'b', digest.slice(48, 52)],
  };
}
