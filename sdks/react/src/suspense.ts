import type { FlagClient, Json, Widened } from './flag-client.ts';
import { useFlag } from './hooks.ts';
import { useClient } from './provider.ts';

const LONGEST_MS = 3_000;

interface Arrival {
  readonly promise: Promise<void>;
  over: boolean;
}

const arrivals = new WeakMap<FlagClient, Arrival>();

/**
 * As `useFlag`, where the default must not show first: until the client has its first values the nearest `<Suspense>` shows
 * instead. After three seconds without any it is the default after all, so that no page waits for a server that is away.
 */
export function useSuspenseFlag<T extends Json>(flagKey: string, fallback: T): Widened<T> {
  const client = useClient();
  const value = useFlag(flagKey, fallback);
  if (client.details(flagKey, fallback).errorCode !== 'PROVIDER_NOT_READY') return value;
  const arrival = arrivalAt(client);
  if (!arrival.over) throw arrival.promise;
  return value;
}

/** One for all components: each is rendered anew by React when it is over. */
function arrivalAt(client: FlagClient): Arrival {
  const known = arrivals.get(client);
  if (known !== undefined) return known;
  let end = () => {};
  const promise = new Promise<void>((resolve) => {
    end = resolve;
  });
  const arrival: Arrival = { promise, over: false };
  arrivals.set(client, arrival);
  const finish = () => {
    clearTimeout(timer);
    for (const forget of listening) forget();
    arrival.over = true;
    end();
  };
  const timer = setTimeout(finish, LONGEST_MS);
  // A status that is none of these may come before the values do.
  const settled = () => client.status().is !== 'starting' && finish();
  const listening = [client.on('change', finish), client.on('status', settled)];
  return arrival;
}
