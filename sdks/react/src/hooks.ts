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

/** Tells the server what the user did, with a value if it has one. Always the same function while the client is the same. */
export function useTrack(): NonNullable<FlagClient['track']> {
  const { track } = useClient();
  if (track === undefined)
    throw new Error('useTrack needs a client that withTracking of @spillway/web/track has made.');
  return track;
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
