import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { Answer, FlagClient, Json, Status, Widened } from './flag-client.ts';
import { useClient } from './provider.ts';

/** The flag's value, or the default. Renders again when this flag's value changes, and for no other flag. */
export function useFlag<T extends Json>(flagKey: string, fallback: T): Widened<T> {
  return useAnswer(flagKey, (client, at) => client[at](flagKey, fallback).value);
}

/** The value with variant and reason. */
export function useFlagDetails<T extends Json>(flagKey: string, fallback: T): Answer<Widened<T>> {
  return useAnswer(flagKey, (client, at) => {
    const { value, variant, reason, errorCode } = client[at](flagKey, fallback);
    return {
      ...{ value, reason },
      ...(variant === undefined ? {} : { variant }),
      ...(errorCode === undefined ? {} : { errorCode }),
    };
  });
}

const BEFORE: Status = { is: 'starting', configuration: 0, source: 'none' };

/** How the client stands with its server. */
export function useStatus(): Status {
  const client = useClient();
  const subscribe = useCallback((told: () => void) => client.on('status', told), [client]);
  return useText(
    subscribe,
    () => client.status(),
    () => BEFORE,
  );
}

/** Several flags' values, under the keys of their defaults. Renders again when one of these changes, and for no other flag. */
export function useFlags<T extends Readonly<Record<string, Json>>>(
  fallbacks: T,
): { readonly [K in keyof T]: Widened<T[K]> } {
  const client = useClient();
  const asked = JSON.stringify(Object.keys(fallbacks));
  const subscribe = useCallback(
    (told: () => void) => {
      const keys: readonly string[] = JSON.parse(asked);
      return client.on('change', ({ flags }) => flags.some((key) => keys.includes(key)) && told());
    },
    [client, asked],
  );
  const ask = (at: 'details' | 'initial') =>
    Object.fromEntries(Object.entries(fallbacks).map(([key, fallback]) => [key, client[at](key, fallback).value]));
  return useText(
    subscribe,
    () => ask('details') as { readonly [K in keyof T]: Widened<T[K]> },
    () => ask('initial') as { readonly [K in keyof T]: Widened<T[K]> },
  );
}

/**
 * Tells the server what the user did, with a value if it has one. Always the same function while the client is the same. With a
 * client that does not track it does nothing but warn, once: no page should break for what it tells nobody.
 */
export function useTrack(): NonNullable<FlagClient['track']> {
  return useClient().track ?? trackNothing;
}

let warned = false;

function trackNothing(): void {
  if (!warned)
    console.warn('spillway: nothing is tracked; useTrack needs a client of withTracking (@spillway/web/track).');
  warned = true;
}

function useAnswer<A>(flagKey: string, ask: (client: FlagClient, at: 'details' | 'initial') => A): A {
  const client = useClient();
  const subscribe = useCallback(
    (told: () => void) => client.on('change', ({ flags }) => flags.includes(flagKey) && told()),
    [client, flagKey],
  );
  return useText(
    subscribe,
    () => ask(client, 'details'),
    () => ask(client, 'initial'),
  );
}

/** As text, what is equal is the same: neither a default written in place nor a value that came once more renders again. */
function useText<A>(subscribe: (told: () => void) => () => void, now: () => A, atFirst: () => A): A {
  const text = useSyncExternalStore(
    subscribe,
    () => JSON.stringify(now()),
    () => JSON.stringify(atFirst()),
  );
  return useMemo(() => JSON.parse(text) as A, [text]);
}
