import type { CallOutput } from '@spillway/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ask } from '../../../api.ts';

export type Usage = CallOutput<'flagUsage'>;
export type EnvironmentUsage = Usage['environments'][string];
export type Staleness = CallOutput<'flagStaleness'>['stale'];

/** Counts are no changes, so that the log does not tell of them: they are asked for again. */
const AGAIN_MS = 30_000;

export function useFlagUsage(key: string) {
  return useQuery({
    queryKey: ['usage', key],
    queryFn: ({ signal }) => ask('flagUsage', { params: { key }, query: {}, signal }),
    refetchInterval: AGAIN_MS,
  });
}

export type Activity = CallOutput<'flagActivity'>['flags'][string];

/** As many as the server answers at once; who scrolls through more of them looks for something else. */
const MOST_AT_ONCE = 500;

/** Of all flags of a list at once, and apart from the list, which does not wait for it. */
export function useActivity(keys: readonly string[]): Readonly<Record<string, Activity>> {
  const flags = keys.slice(0, MOST_AT_ONCE);
  const found = useQuery({
    queryKey: ['usage', 'activity', flags],
    queryFn: async ({ signal }) => (await ask('flagActivity', { body: { flags }, signal })).flags,
    enabled: flags.length > 0,
    refetchInterval: AGAIN_MS,
    placeholderData: keepPreviousData,
  });
  return found.data ?? {};
}

export function useStaleness(key: string) {
  return useQuery({
    queryKey: ['flags', 'staleness', key],
    queryFn: async ({ signal }) => (await ask('flagStaleness', { params: { key }, signal })).stale,
  });
}
