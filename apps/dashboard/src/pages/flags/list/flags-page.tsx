import { Plus } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useEnvironments, useFlags } from '../../../live/queries.ts';
import { Button } from '../../../ui/button.tsx';
import { Select } from '../../../ui/field.tsx';
import { Empty, Loading, ProblemNote } from '../../../ui/notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { SearchField } from '../../../ui/search-field.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { ShowMore } from '../../../ui/show-more.tsx';
import { useParameter, useSearched } from '../../../ui/url.ts';
import { EnvironmentMenu } from './environment-menu.tsx';
import { FilterBar } from './filter-bar.tsx';
import { FlagTable } from './flag-table.tsx';
import { useFilters, useListQuery } from './list-query.ts';
import { useWantedEnvironments } from './shown-environments.ts';

const NewFlagDialog = lazy(async () => ({ default: (await import('../new-flag-dialog.tsx')).NewFlagDialog }));

const LIFECYCLES = [
  { id: 'active', label: 'Active' },
  { id: 'archived', label: 'Archived' },
] as const;

/** So many stand beside one another everywhere. */
const FEW_ENVIRONMENTS = 3;

export function FlagsPage() {
  const query = useListQuery();
  const [lifecycle, setLifecycle] = useParameter('lifecycle', 'active');
  const { typed, type } = useSearched();
  const [sort, setSort] = useParameter('sort', 'key');
  const [creating, setCreating] = useParameter('new');
  const filters = useFilters();
  const [filtering, setFiltering] = useState(filters.isAny);
  const flags = useFlags(query);
  const environments = useEnvironments();
  const [wanted, want] = useWantedEnvironments();
  const items = flags.data?.pages.flatMap((page) => page.items) ?? [];
  const total = flags.data?.pages[0]?.total;
  const create = (
    <Button look="primary" onClick={() => setCreating('1')}>
      <Plus className="size-4" aria-hidden="true" /> New flag
    </Button>
  );

  return (
    <Page title="Flags" about="Who gets what, per environment." actions={create} wide>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <SearchField
          label="Search flags"
          placeholder="Search by key, description, tag…"
          value={typed}
          onChange={type}
        />
        <Segmented
          label="Lifecycle"
          options={LIFECYCLES}
          value={lifecycle === 'archived' ? 'archived' : 'active'}
          onChange={setLifecycle}
        />
        <Select
          aria-label="Order"
          className="w-36! grow sm:w-44! sm:grow-0"
          value={sort}
          onChange={(event) => setSort(event.target.value)}
        >
          <option value="key">By key</option>
          <option value="-updated">Changed last first</option>
          <option value="updated">Changed longest ago first</option>
        </Select>
        {(environments.data?.length ?? 0) > FEW_ENVIRONMENTS ? (
          <EnvironmentMenu environments={environments.data ?? []} wanted={wanted} onChange={want} />
        ) : null}
        <Button className="sm:hidden" aria-expanded={filtering} onClick={() => setFiltering(!filtering)}>
          Filters
        </Button>
        <p className="numbers text-muted text-xs" role="status">
          {total === undefined ? '' : `${total.toLocaleString()} ${total === 1 ? 'flag' : 'flags'}`}
        </p>
      </div>
      <FilterBar
        open={filtering}
        environments={environments.data ?? []}
        owners={distinct(items.map(({ owner }) => owner))}
        tags={distinct(items.flatMap(({ tags }) => tags))}
        managers={distinct(items.map((flag) => flag.managed_by ?? ''))}
      />
      {flags.isError ? <ProblemNote error={flags.error} onRetry={() => flags.refetch()} className="mb-3" /> : null}
      {environments.isError ? (
        <ProblemNote error={environments.error} onRetry={() => environments.refetch()} className="mb-3" />
      ) : null}
      {flags.isPending || environments.isPending ? (
        <Loading rows={10} label="Loading flags" />
      ) : items.length === 0 ? (
        flags.isError ? null : (
          <NoFlags search={query.search} lifecycle={query.lifecycle} filtered={filters.isAny} create={create} />
        )
      ) : (
        <FlagTable
          flags={items}
          environments={environments.data ?? []}
          wanted={wanted}
          fading={flags.isPlaceholderData}
          onNarrow={filters.set}
        />
      )}
      <ShowMore list={flags} far={`${items.length.toLocaleString()} of ${(total ?? 0).toLocaleString()}`} />
      {creating === '' ? null : (
        <Suspense>
          <NewFlagDialog open onClose={() => setCreating('')} environments={environments.data ?? []} />
        </Suspense>
      )}
    </Page>
  );
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter((text) => text !== '').toSorted();
}

function NoFlags({
  search,
  lifecycle,
  filtered,
  create,
}: {
  search: string;
  lifecycle: string;
  filtered: boolean;
  create: ReactNode;
}) {
  const { clear } = useFilters();
  if (filtered) {
    return (
      <Empty title="No flag is like that" action={<Button onClick={clear}>Clear filters</Button>}>
        {search === ''
          ? 'None matches all of the filters.'
          : `None that matches “${search}” matches all of the filters.`}
      </Empty>
    );
  }
  if (search !== '')
    return <Empty title={`No flag matches “${search}”`}>Try a part of its key, or look among the archived ones.</Empty>;
  if (lifecycle === 'archived')
    return <Empty title="Nothing is archived">Flags that are no longer needed go here.</Empty>;
  return (
    <Empty title="No flags yet" action={create}>
      A flag lets you turn code on for some people, then for everyone, and off again without a deployment.
    </Empty>
  );
}
