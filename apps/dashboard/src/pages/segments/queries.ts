import type { CallInput, CallOutput } from '@spillway/contract';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ask } from '../../api.ts';
import { PAGE } from '../../live/queries.ts';

export type Segment = CallOutput<'getSegment'>;
export type SegmentInput = CallInput<'estimateDraft'>['body']['segment'];

const keys = {
  list: (search: string) => ['segments', 'list', search] as const,
  names: ['segments', 'names'] as const,
  one: (key: string) => ['segments', 'one', key] as const,
  // Flags and switches name segments too, so a change of those makes it stale: see `Live`, which goes by the first part.
  dependents: (key: string) => ['segments', 'dependents', key] as const,
};

/** The API's largest page: more segments than that are found by typing. */
const WHOLE = 500;

export function useSegments(search: string) {
  return useInfiniteQuery({
    queryKey: keys.list(search),
    queryFn: ({ signal, pageParam }) =>
      ask('listSegments', {
        query: {
          limit: PAGE,
          ...(search === '' ? {} : { search }),
          ...(pageParam === '' ? {} : { cursor: pageParam }),
        },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

export function useSegmentKeys() {
  return useQuery({
    queryKey: keys.names,
    queryFn: async ({ signal }) =>
      (await ask('listSegments', { query: { limit: WHOLE }, signal })).items.map(({ key }) => key),
  });
}

export function useSegment(key: string) {
  return useQuery({ queryKey: keys.one(key), queryFn: ({ signal }) => ask('getSegment', { params: { key }, signal }) });
}

export function useDependents(key: string) {
  return useQuery({
    queryKey: keys.dependents(key),
    queryFn: ({ signal }) => ask('segmentDependents', { params: { key }, signal }),
    staleTime: 0,
  });
}

function withReason(reason: string) {
  return reason.trim() === '' ? {} : { reason: reason.trim() };
}

export function useCreateSegment() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ body, reason }: { readonly body: SegmentInput; readonly reason: string }) =>
      ask('createSegment', { query: withReason(reason), body }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['segments'] }),
  });
}

/** Writes on the version that was shown; a newer one makes the server refuse with `stale`. */
export function useSaveSegment() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({
      body,
      version,
      reason,
    }: {
      readonly body: SegmentInput;
      readonly version: number;
      readonly reason: string;
    }) => ask('replaceSegment', { params: { key: body.key }, query: withReason(reason), body, ifMatch: version }),
    onSuccess: (saved) => queries.setQueryData(keys.one(saved.key), saved),
    onSettled: () => queries.invalidateQueries({ queryKey: ['segments'] }),
  });
}

export function useRestoreSegment() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wish: { readonly segment: Segment; readonly version: number; readonly reason: string }) =>
      ask('restoreSegment', {
        params: { key: wish.segment.key },
        body: { version: wish.version, ...withReason(wish.reason) },
        ifMatch: wish.segment.version,
      }),
    onSuccess: (saved) => queries.setQueryData(keys.one(saved.key), saved),
    onSettled: () => queries.invalidateQueries({ queryKey: ['segments'] }),
  });
}

export function useDeleteSegment() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ segment, reason }: { readonly segment: Segment; readonly reason: string }) =>
      ask('deleteSegment', { params: { key: segment.key }, query: withReason(reason), ifMatch: segment.version }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['segments', 'list'] }),
  });
}

export type Estimate = CallOutput<'estimateSegment'>;
export type Overlap = CallOutput<'segmentOverlap'>;
export type MembershipPoint = CallOutput<'segmentMembership'>['items'][number];

export function useEstimate(key: string) {
  return useQuery({
    queryKey: ['segments', 'estimate', key] as const,
    queryFn: ({ signal }) => ask('estimateSegment', { params: { key }, signal }),
  });
}

/** What a segment that is still being edited would hold; asked again when the editing pauses. */
export function useDraftEstimate(body: SegmentInput | undefined) {
  return useQuery({
    queryKey: ['segments', 'estimate', 'draft', body] as const,
    queryFn: ({ signal }) => (body === undefined ? null : ask('estimateDraft', { body: { segment: body }, signal })),
    enabled: body !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

export function useOverlap(segments: readonly string[]) {
  return useQuery({
    queryKey: ['segments', 'overlap', segments] as const,
    queryFn: ({ signal }) => ask('segmentOverlap', { query: { segments: segments.join(',') }, signal }),
    enabled: segments.length > 0,
    placeholderData: keepPreviousData,
  });
}

export function useMembership(key: string) {
  return useQuery({
    queryKey: ['segments', 'membership', key] as const,
    queryFn: async ({ signal }) => (await ask('segmentMembership', { params: { key }, signal })).items,
  });
}
