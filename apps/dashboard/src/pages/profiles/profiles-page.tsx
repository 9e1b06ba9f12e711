import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { ask } from '../../api.ts';
import { PAGE } from '../../live/queries.ts';
import { Ago } from '../../ui/ago.tsx';
import { Empty, Loading, ProblemNote } from '../../ui/notice.tsx';
import { Card, Mono, Page } from '../../ui/page.tsx';
import { useRowNavigation } from '../../ui/row-navigation.ts';
import { SearchField } from '../../ui/search-field.tsx';
import { ShowMore } from '../../ui/show-more.tsx';
import { useParameter, useSearched } from '../../ui/url.ts';
import { ProfileDialog } from './profile-dialog.tsx';

export function ProfilesPage() {
  const { typed, settled, type } = useSearched();
  const [opened, setOpened] = useParameter('key');
  const list = useRef<HTMLUListElement>(null);
  useRowNavigation(list);
  const profiles = useInfiniteQuery({
    queryKey: ['profiles', 'list', settled],
    queryFn: ({ signal, pageParam }) =>
      ask('listProfiles', {
        query: {
          limit: PAGE,
          ...(settled === '' ? {} : { search: settled }),
          ...(pageParam === '' ? {} : { cursor: pageParam }),
        },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
  const items = profiles.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title="Profiles" about="What is kept of users, so that segments can be counted and tried out.">
      <div className="mb-3">
        <SearchField
          label="Key begins with"
          placeholder="Key begins with…"
          className="font-mono"
          value={typed}
          onChange={type}
        />
      </div>
      {profiles.isError ? (
        <ProblemNote error={profiles.error} onRetry={() => profiles.refetch()} className="mb-3" />
      ) : null}
      {profiles.isPending ? (
        <Loading rows={8} label="Loading profiles" />
      ) : items.length > 0 ? (
        <Card className={profiles.isPlaceholderData ? 'opacity-60' : ''}>
          <ul ref={list} className="divide-y divide-line">
            {items.map(({ key, attributes, updated_at }) => (
              <li key={key} data-row-of={key}>
                <button
                  type="button"
                  data-row=""
                  className="touch flex w-full items-baseline gap-4 px-4 py-2 text-left hover:bg-surface focus-visible:outline-offset-[-2px]"
                  onClick={() => setOpened(key)}
                >
                  <Mono className="w-40 shrink-0 truncate font-medium sm:w-64">{key}</Mono>
                  <span className="min-w-0 flex-1 truncate font-mono text-muted text-xs">
                    {JSON.stringify(attributes)}
                  </span>
                  <Ago at={Date.parse(updated_at)} className="hidden shrink-0 text-muted text-xs sm:inline" />
                </button>
              </li>
            ))}
          </ul>
        </Card>
      ) : profiles.isError ? null : settled === '' ? (
        <Empty title="No profiles yet">
          Send what you know of your users with <code>PUT /api/v1/profiles/KEY</code> or many at once with{' '}
          <code>POST /api/v1/profiles</code>. They never leave this server and are not needed to evaluate flags.
        </Empty>
      ) : (
        <Empty title={`No key begins with “${settled}”`} />
      )}
      <ShowMore list={profiles} />
      {opened === '' ? null : <ProfileDialog profileKey={opened} onClose={() => setOpened('')} />}
    </Page>
  );
}
