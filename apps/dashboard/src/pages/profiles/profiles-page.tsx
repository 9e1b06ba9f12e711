import { useRef } from 'react';
import { Ago } from '../../ui/ago.tsx';
import { Empty, Loading, ProblemNote } from '../../ui/notice.tsx';
import { Card, Mono, Page } from '../../ui/page.tsx';
import { useRowNavigation } from '../../ui/row-navigation.ts';
import { SearchField } from '../../ui/search-field.tsx';
import { ShowMore } from '../../ui/show-more.tsx';
import { useParameter, useParameters, useSearched } from '../../ui/url.ts';
import { ProfileDialog } from './profile-dialog.tsx';
import { ProfileFilters } from './profile-filters.tsx';
import { type ProfileListPage, useProfiles } from './queries.ts';

export function ProfilesPage() {
  const { typed, settled, type } = useSearched();
  const [opened, setOpened] = useParameter('key');
  const list = useRef<HTMLUListElement>(null);
  useRowNavigation(list);
  const [{ attributes, segments }, narrow] = useParameters(['attributes', 'segments']);
  const profiles = useProfiles({ search: settled, attributes, segments });
  const pages = profiles.data?.pages ?? [];
  const items = pages.flatMap((page) => page.items);
  const isSearch = settled !== '' || attributes !== '' || segments !== '';
  return (
    <Page title="Profiles" about="What is kept of users, so that segments can be counted and tried out.">
      <div className="mb-3 flex flex-wrap items-start gap-2">
        <SearchField
          label="Key begins with"
          placeholder="Key begins with…"
          className="font-mono"
          value={typed}
          onChange={type}
        />
        <ProfileFilters attributes={attributes} segments={segments} onChange={narrow} />
      </div>
      <LookedAt pages={pages} />
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
                  className="touch flex w-full items-center gap-4 px-4 py-2 text-left hover:bg-surface focus-visible:outline-offset-[-2px]"
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
      ) : profiles.isError ? null : !isSearch ? (
        <Empty title="No profiles yet">
          Send what you know of your users with <code>PUT /api/v1/profiles/KEY</code> or many at once with{' '}
          <code>POST /api/v1/profiles</code>. They never leave this server and are not needed to evaluate flags.
        </Empty>
      ) : (
        <Empty
          title={profiles.hasNextPage ? 'Nobody yet among those that were looked at' : 'No profile is like that'}
        />
      )}
      <ShowMore list={profiles} />
      {opened === '' ? null : <ProfileDialog profileKey={opened} onClose={() => setOpened('')} />}
    </Page>
  );
}

/** How far a search has come: a request looks at so many, and goes on from there when more are asked for. */
function LookedAt({ pages }: { pages: readonly ProfileListPage[] }) {
  const searched = pages.at(-1)?.searched;
  if (searched === undefined) return null;
  const looked = pages.reduce((sum, page) => sum + (page.searched?.looked_at ?? 0), 0);
  return (
    <p className="mb-3 text-muted text-xs" role="status">
      Looked at {looked.toLocaleString('en')} of {searched.profiles.toLocaleString('en')} profiles.
    </p>
  );
}
