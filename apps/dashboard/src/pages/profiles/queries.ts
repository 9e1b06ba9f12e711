import type { CallOutput } from '@spillway/contract';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { ask } from '../../api.ts';
import { PAGE } from '../../live/queries.ts';

export type ProfileListPage = CallOutput<'listProfiles'>;

/** What the address says of whom to show: texts separated by commas, as the API takes them. */
export interface ProfileFilter {
  readonly search: string;
  readonly attributes: string;
  readonly segments: string;
}

export function useProfiles({ search, attributes, segments }: ProfileFilter) {
  return useInfiniteQuery({
    queryKey: ['profiles', 'list', search, attributes, segments],
    queryFn: ({ signal, pageParam }) =>
      ask('listProfiles', {
        query: {
          limit: PAGE,
          ...(search === '' ? {} : { search }),
          ...(attributes === '' ? {} : { attributes }),
          ...(segments === '' ? {} : { segments }),
          ...(pageParam === '' ? {} : { cursor: pageParam }),
        },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}
