import type { CallInput } from '@spillway/contract';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { ask } from '../../api.ts';
import { PAGE } from '../../live/queries.ts';

/** What the log is narrowed to; times in RFC 3339. */
export type AuditFilter = Omit<NonNullable<CallInput<'listChanges'>['query']>, 'limit' | 'cursor'>;

export function useAudit(filter: AuditFilter) {
  return useInfiniteQuery({
    queryKey: ['changes', 'audit', filter],
    queryFn: ({ signal, pageParam }) =>
      ask('listChanges', {
        query: { ...filter, limit: PAGE, ...(pageParam === '' ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

/** Where the same entries are had as a file. The server writes it as it is read, so that it may be long. */
export function exportAddress(filter: AuditFilter, format: 'jsonl' | 'csv'): string {
  const query = new URLSearchParams({ format });
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, value);
  return `/api/v1/audit/export?${query}`;
}
