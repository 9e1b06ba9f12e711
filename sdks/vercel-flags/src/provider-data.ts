import { parseSnapshot, type Snapshot } from '@spillway/evaluator';
import type { FlagDefinitionsType, FlagDefinitionType, ProviderData } from 'flags';
import { originOf } from './origin.ts';

export interface ProviderDataOptions {
  /** Where the server or a relay answers. A relay knows no descriptions. */
  readonly url: string;
  /** Decides project and environment. */
  readonly sdkKey: string;
  /** Where the dashboard is; the toolbar then links each flag to it. */
  readonly dashboard?: string;
  /** How long the server may take. 5 s when left out. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 5_000;

/** Why the toolbar shows less than there is. */
class Unreadable extends Error {}

/**
 * The environment's flags with their variants as options, for the toolbar. Never rejects: what went wrong is a hint, which
 * names neither the server nor the key.
 *
 * Names, descriptions and options tell what is being built. Serve them only to who may know: `createDiscoveryEndpoint`.
 */
export async function getProviderData(options: ProviderDataOptions): Promise<ProviderData> {
  try {
    const [snapshot, descriptions] = await Promise.all([readSnapshot(options), readDescriptions(options)]);
    const definitions: FlagDefinitionsType = Object.create(null);
    for (const [key, { variants }] of Object.entries(snapshot.flags)) {
      const description = descriptions.get(key);
      definitions[key] = {
        options: variants.map(({ name, value }) => ({ label: name, value })),
        ...(description === undefined ? {} : { description }),
        ...(options.dashboard === undefined ? {} : { origin: originOf(options.dashboard, key) }),
      } satisfies FlagDefinitionType;
    }
    return { definitions, hints: [] };
  } catch (error) {
    const why = error instanceof Unreadable ? error.message : 'the server did not answer';
    return { definitions: {}, hints: [{ key: 'spillway/unavailable', text: `Spillway's flags are missing: ${why}.` }] };
  }
}

async function readSnapshot(options: ProviderDataOptions): Promise<Snapshot> {
  const response = await ask('/api/v1/sdk/snapshot', options);
  if (response.status === 401 || response.status === 403) throw new Unreadable('the SDK key is refused');
  if (!response.ok) throw new Unreadable(`the server answered ${response.status}`);
  const read = parseSnapshot(await jsonOf(response));
  if (!read.ok) throw new Unreadable('the answer is no snapshot');
  return read.snapshot;
}

/** By flag. Empty where they cannot be had: options are worth having without them. */
async function readDescriptions(options: ProviderDataOptions): Promise<ReadonlyMap<string, string>> {
  try {
    const response = await ask('/openfeature/v0/manifest', options);
    const { flags } = (await response.json()) as { readonly flags: readonly Described[] };
    return new Map(
      flags.flatMap(({ key, description }) =>
        typeof description === 'string' && description !== '' ? [[key, description] as const] : [],
      ),
    );
  } catch {
    return new Map();
  }
}

interface Described {
  readonly key: string;
  readonly description?: unknown;
}

function ask(path: string, { url, sdkKey, timeoutMs = TIMEOUT_MS }: ProviderDataOptions): Promise<Response> {
  return fetch(`${url.replace(/\/+$/, '')}${path}`, {
    headers: { authorization: `Bearer ${sdkKey}` },
    signal: AbortSignal.timeout(timeoutMs),
    // A framework that keeps what is fetched would show flags that are gone.
    cache: 'no-store',
    // A key must not follow to wherever an answer points.
    redirect: 'error',
  });
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    if (error instanceof SyntaxError) throw new Unreadable('the answer is no JSON');
    throw error;
  }
}
