import { type Ask, CONTEXTS, stopwatch } from './clock.ts';
import type { Flag, User } from './definitions.ts';
import type { Opened } from './engines/engine.ts';
import { peer } from './engines/installed.ts';
import { usersOf } from './users.ts';

interface Resolution {
  readonly value: string;
  readonly reason?: string;
}

interface Provider {
  readonly metadata: { readonly name: string };
  readonly runsOn: 'server';
  resolveStringEvaluation(key: string, fallback: string, context: User): Promise<Resolution>;
}

interface OpenFeatureModule {
  OpenFeature: {
    setProviderAndWait(provider: Provider): Promise<void>;
    getClient(): { getStringValue(key: string, fallback: string, context: User): Promise<string> };
  };
}

async function clientOver(key: string, name: string, resolve: Provider['resolveStringEvaluation']): Promise<Ask> {
  const { OpenFeature } = peer<OpenFeatureModule>('@openfeature/server-sdk');
  await OpenFeature.setProviderAndWait({ metadata: { name }, runsOn: 'server', resolveStringEvaluation: resolve });
  const client = OpenFeature.getClient();
  // The questions are users only; the loop that asks knows them as anything.
  const ask = (user: User) => client.getStringValue(key, 'a', user);
  return ask as Ask;
}

/** The engine behind a provider of a few lines, which turns each context into the engine's own form as a provider must. */
export function throughOpenFeature(name: string, flag: Flag, opened: Opened): Promise<Ask> {
  const asker = opened.asker(flag);
  return clientOver(flag.key, name, async (_key, fallback, context) => {
    const value = await asker.value(opened.context(context));
    return typeof value === 'string' ? { value, reason: 'SPLIT' } : { value: fallback, reason: 'ERROR' };
  });
}

/** What the OpenFeature client costs by itself. */
export async function doNothingClient() {
  const ask = await clientOver('checkout', 'nothing', async (_key, fallback) => ({ value: fallback }));
  return stopwatch(ask, usersOf(CONTEXTS), true);
}
