import type { CallOutput } from '@spillway/contract';
import { useQuery } from '@tanstack/react-query';
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

export function useStaleness(key: string) {
  return useQuery({
    queryKey: ['flags', 'staleness', key],
    queryFn: async ({ signal }) => (await ask('flagStaleness', { params: { key }, signal })).stale,
  });
}
