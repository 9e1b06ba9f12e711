import type { Ask } from './clock.ts';
import type { Flag, User } from './definitions.ts';
import type { Opened } from './engines/engine.ts';
import { peer } from './engines/installed.ts';

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
    setProviderAndWait(domain: string, provider: Provider): Promise<void>;
    getClient(domain: string): { getStringValue(key: string, fallback: string, context: User): Promise<string> };
  };
}

async function clientOver(key: string, name: string, resolve: Provider['resolveStringEvaluation']): Promise<Ask> {
  const { OpenFeature } = peer<OpenFeatureModule>('@openfeature/server-sdk');
  await OpenFeature.setProviderAndWait(name, {
    metadata: { name },
    runsOn: 'server',
    resolveStringEvaluation: resolve,
  });
  const client = OpenFeature.getClient(name);
  // The questions are users only; the loop that asks knows them as anything.
  const ask = (user: User) => client.getStringValue(key, 'a', user);
  return ask as Ask;
}

/** The engine behind a provider of a few lines, which turns each context into the engine's own form as a provider must. */
export function throughOpenFeature(name: string, flag: Flag, opened: Opened): Promise<Ask> {
  const asker = opened.asker(flag);
  return clientOver(flag.key, name, async (_key, fallback, context) => {
    const answer = asker.value(opened.context(context));
    // Awaiting what is there already would be a turn of the queue that no provider of such an engine takes.
    const value = answer instanceof Promise ? await answer : answer;
    return typeof value === 'string' ? { value, reason: 'SPLIT' } : { value: fallback, reason: 'ERROR' };
  });
}

/** What the OpenFeature client costs by itself. */
export function throughNothing(name: string): Promise<Ask> {
  return clientOver('checkout', name, async (_key, fallback) => ({ value: fallback }));
}
