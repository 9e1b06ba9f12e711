import { keepPreviousData, QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ask, isPassing, problemOf } from '../api.ts';
import type { Change, Flag } from '../documents.ts';
import { keys } from './keys.ts';

/** The API's largest page: enough for what a screen shows whole (environments, switches, rollouts). */
const WHOLE = 500;
export const PAGE = 50;

export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < 2 && isPassing(problemOf(error)),
        refetchOnWindowFocus: true,
      },
    },
  });
}

export function useSession() {
  return useQuery({ queryKey: keys.session, queryFn: ({ signal }) => ask('whoAmI', { signal }), staleTime: 60_000 });
}

export function useEnvironments() {
  return useQuery({
    queryKey: keys.environments,
    queryFn: async ({ signal }) => {
      const { items } = await ask('listEnvironments', { query: { limit: WHOLE }, signal });
      // The way changes take: where users are comes last.
      return items.toSorted((a, b) => Number(a.protected) - Number(b.protected));
    },
  });
}

export interface FlagQuery {
  readonly search: string;
  readonly lifecycle: 'active' | 'archived';
  readonly tag?: string;
  readonly owner?: string;
  readonly managed_by?: string;
  readonly type?: Flag['type'];
  readonly sort?: 'key' | 'updated' | '-updated';
  readonly environment?: string;
  readonly enabled?: boolean;
  readonly stale?: boolean;
}

export function useFlags(query: FlagQuery) {
  const { search, enabled, stale, ...narrowed } = query;
  return useInfiniteQuery({
    queryKey: keys.flags(query),
    queryFn: ({ signal, pageParam }) =>
      ask('listFlags', {
        query: {
          limit: PAGE,
          ...narrowed,
          ...(search === '' ? {} : { search }),
          ...(enabled === undefined ? {} : { enabled: enabled ? 'true' : 'false' }),
          ...(stale === undefined ? {} : { stale: stale ? 'true' : 'false' }),
          ...(pageParam === '' ? {} : { cursor: pageParam }),
        },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

/** How many active flags there are of a kind; the server counts them all. */
export function useFlagCount(kind: Pick<FlagQuery, 'environment' | 'enabled' | 'stale'> = {}) {
  const { enabled, stale, ...narrowed } = kind;
  return useQuery({
    queryKey: keys.flagCount(kind),
    queryFn: async ({ signal }) => {
      const query = {
        ...narrowed,
        ...(enabled === undefined ? {} : { enabled: enabled ? ('true' as const) : ('false' as const) }),
        ...(stale === undefined ? {} : { stale: stale ? ('true' as const) : ('false' as const) }),
      };
      return (await ask('listFlags', { query: { limit: 1, lifecycle: 'active', ...query }, signal })).total;
    },
  });
}

export function useFlag(key: string, enabled = true) {
  return useQuery({
    queryKey: keys.flag(key),
    queryFn: ({ signal }) => ask('getFlag', { params: { key }, signal }),
    enabled,
  });
}

/** Keys of all segments, to offer and to check. */
export function useSegments() {
  return useQuery({
    queryKey: keys.segmentKeys,
    queryFn: async ({ signal }) => {
      const found: string[] = [];
      for (let cursor = ''; ; ) {
        const more = cursor === '' ? {} : { cursor };
        const page = await ask('listSegments', { query: { limit: WHOLE, ...more }, signal });
        found.push(...page.items.map(({ key }) => key));
        if (page.next === undefined) return found;
        cursor = page.next;
      }
    },
  });
}

export function useSwitches() {
  return useQuery({
    queryKey: keys.switches,
    queryFn: async ({ signal }) => (await ask('listSwitches', { query: { limit: WHOLE }, signal })).items,
  });
}

export function useServices() {
  return useQuery({
    queryKey: keys.services,
    queryFn: async ({ signal }) => (await ask('listServices', { query: { limit: WHOLE }, signal })).items,
  });
}

export function useRollouts() {
  return useQuery({
    queryKey: keys.rollouts,
    queryFn: async ({ signal }) => (await ask('listRollouts', { query: { limit: WHOLE }, signal })).items,
  });
}

export function useTokens() {
  return useQuery({
    queryKey: keys.tokens,
    queryFn: async ({ signal }) => (await ask('listTokens', { query: { limit: WHOLE }, signal })).items,
  });
}

export function useChanges(noun: Change['noun'] | '', key: string, limit = PAGE) {
  return useInfiniteQuery({
    queryKey: [...keys.changes(noun, key), limit],
    queryFn: ({ signal, pageParam }) =>
      ask('listChanges', {
        query: {
          limit,
          ...(noun === '' ? {} : { noun }),
          ...(key === '' ? {} : { key }),
          ...(pageParam === '' ? {} : { cursor: pageParam }),
        },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}
