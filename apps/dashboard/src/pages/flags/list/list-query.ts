import { useSearch } from 'wouter';
import type { FlagQuery } from '../../../live/queries.ts';
import { useParameters } from '../../../ui/url.ts';

const TYPES = ['boolean', 'string', 'number', 'json'] as const;
const SORTS = ['key', '-updated', 'updated'] as const;

/** Names in the address of what narrows the list; all but the search can be cleared at once. */
export const FILTERS = ['tag', 'owner', 'type', 'env', 'state', 'stale', 'managed'] as const;
export type Filter = (typeof FILTERS)[number];

/** The list as the address asks for it. */
export function readQuery(address: string): FlagQuery {
  const at = new URLSearchParams(address);
  const text = (name: string) => at.get(name) ?? '';
  const type = TYPES.find((candidate) => candidate === text('type'));
  const sort = SORTS.find((candidate) => candidate === text('sort'));
  const environment = text('env');
  const state = text('state');
  return {
    search: text('q'),
    lifecycle: text('lifecycle') === 'archived' ? 'archived' : 'active',
    ...(text('tag') === '' ? {} : { tag: text('tag') }),
    ...(text('owner') === '' ? {} : { owner: text('owner') }),
    ...(text('managed') === '' ? {} : { managed_by: text('managed') }),
    ...(type === undefined ? {} : { type }),
    ...(sort === undefined || sort === 'key' ? {} : { sort }),
    ...(environment === '' || state === '' ? {} : { environment, enabled: state === 'on' }),
    ...(text('stale') === '' ? {} : { stale: text('stale') === 'yes' }),
  };
}

export function useListQuery(): FlagQuery {
  return readQuery(useSearch());
}

/** Which filters are set, and a way to set several of them at once: an empty text takes one away. */
export function useFilters() {
  const [values, set] = useParameters(FILTERS);
  const isAny = FILTERS.some((name) => values[name] !== '');
  const clear = () => set(Object.fromEntries(FILTERS.map((name) => [name, ''])));
  return { values, set, isAny, clear };
}
