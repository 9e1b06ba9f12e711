import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ask } from '../../api.ts';
import type { ServiceStatus } from '../../documents.ts';
import { keys } from '../../live/keys.ts';
import { mergeSeries } from './series.ts';

const POLL_MS = 1_000;
/** Changes arrive over the stream; this only guards against a stream that is down. */
const FALLBACK_MS = 5_000;

export function useRollout(key: string) {
  return useQuery({
    queryKey: keys.rollout(key),
    queryFn: ({ signal }) => ask('getRollout', { params: { key }, signal }),
    refetchInterval: (query) => (query.state.data?.ended_at_ms === undefined ? FALLBACK_MS : false),
  });
}

/** Instances, split and series of a service; every second while something moves, and only what is new. */
export function useServiceStatus(environment: string, service: string, live: boolean) {
  const queries = useQueryClient();
  const queryKey = keys.status(environment, service);
  return useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<ServiceStatus> => {
      const known = queries.getQueryData<ServiceStatus>(queryKey)?.series ?? [];
      const newest = known.at(-1)?.at_ms;
      const status = await ask('serviceStatus', {
        params: { environment, key: service },
        query: newest === undefined ? {} : { since_ms: newest },
        signal,
      });
      return { ...status, series: [...mergeSeries(known, status.series)] };
    },
    refetchInterval: live ? POLL_MS : false,
    placeholderData: keepPreviousData,
  });
}

export function useRolloutHistory(key: string) {
  return useInfiniteQuery({
    queryKey: keys.rolloutHistory(key),
    queryFn: ({ signal, pageParam }) =>
      ask('rolloutHistory', {
        params: { key },
        query: { limit: 100, ...(pageParam === '' ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });
}

export type Command = 'pause' | 'resume' | 'promote' | 'promote_fully' | 'abort';

export function useCommand(key: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ command, reason }: { command: Command; reason: string }) => {
      const input = { params: { key }, body: { reason } };
      switch (command) {
        case 'pause':
          return ask('pauseRollout', input);
        case 'resume':
          return ask('resumeRollout', input);
        case 'promote':
          return ask('promoteRollout', { ...input, body: { reason, full: false } });
        case 'promote_fully':
          return ask('promoteRollout', { ...input, body: { reason, full: true } });
        case 'abort':
          return ask('abortRollout', input);
      }
    },
    onSuccess: (rollout) => queries.setQueryData(keys.rollout(key), rollout),
    onSettled: () => queries.invalidateQueries({ queryKey: ['rollouts'] }),
  });
}
