import { Plus, Search } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { Environment, Flag } from '../../documents.ts';
import { useEnvironments, useFlags, useSwitches } from '../../live/queries.ts';
import { Badge, EnvironmentName, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Input } from '../../ui/field.tsx';
import type { Sign } from '../../ui/glyph.tsx';
import { Empty, Loading, ProblemNote } from '../../ui/notice.tsx';
import { Card, Key, Mono, Page } from '../../ui/page.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { useSettled } from '../../ui/settled.ts';
import { useParameter } from '../../ui/url.ts';
import { EnvironmentSwitch } from './environment-switch.tsx';
import { type Standing, standingOf } from './flag-standing.ts';
import { useRowNavigation } from './row-navigation.ts';

const NewFlagDialog = lazy(async () => ({ default: (await import('./new-flag-dialog.tsx')).NewFlagDialog }));

const LIFECYCLES = [
  { id: 'active', label: 'Active' },
  { id: 'archived', label: 'Archived' },
] as const;

export function FlagsPage() {
  const [lifecycle, setLifecycle] = useParameter('lifecycle', 'active');
  const [search, setSearch] = useParameter('q');
  const [typed, setTyped] = useState(search);
  const settled = useSettled(typed.trim(), 200);
  const [creating, setCreating] = useParameter('new');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address follows what was typed, once typing pauses
  useEffect(() => setSearch(settled), [settled]);

  const shown = lifecycle === 'archived' ? 'archived' : 'active';
  const flags = useFlags({ search: settled, lifecycle: shown });
  const environments = useEnvironments();
  const items = flags.data?.pages.flatMap((page) => page.items) ?? [];
  const create = (
    <Button look="primary" onClick={() => setCreating('1')}>
      <Plus className="size-4" aria-hidden="true" /> New flag
    </Button>
  );

  return (
    <Page title="Flags" about="Who gets what, per environment." actions={create} wide>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <div className="relative w-full sm:w-80">
          <Search
            className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-muted"
            aria-hidden="true"
          />
          <Input
            type="search"
            data-search=""
            aria-label="Search flags"
            placeholder="Search by key, description, tag…"
            className="pr-8 pl-8"
            value={typed}
            maxLength={256}
            onChange={(event) => setTyped(event.target.value)}
          />
          <span className="pointer-events-none absolute top-1/2 right-2 hidden -translate-y-1/2 sm:block">
            {typed === '' ? <Key>/</Key> : null}
          </span>
        </div>
        <Segmented label="Lifecycle" options={LIFECYCLES} value={shown} onChange={setLifecycle} />
      </div>
      {flags.isError ? <ProblemNote error={flags.error} onRetry={() => flags.refetch()} className="mb-3" /> : null}
      {environments.isError ? (
        <ProblemNote error={environments.error} onRetry={() => environments.refetch()} className="mb-3" />
      ) : null}
      {flags.isPending || environments.isPending ? (
        <Loading rows={10} label="Loading flags" />
      ) : items.length === 0 ? (
        flags.isError ? null : (
          <NoFlags search={settled} lifecycle={shown} create={create} />
        )
      ) : (
        <FlagTable flags={items} environments={environments.data ?? []} stale={flags.isPlaceholderData} />
      )}
      {flags.hasNextPage ? (
        <div className="mt-4 text-center">
          <Button busy={flags.isFetchingNextPage} onClick={() => flags.fetchNextPage()}>
            Show more
          </Button>
        </div>
      ) : null}
      {creating === '' ? null : (
        <Suspense>
          <NewFlagDialog open onClose={() => setCreating('')} environments={environments.data ?? []} />
        </Suspense>
      )}
    </Page>
  );
}

function NoFlags({ search, lifecycle, create }: { search: string; lifecycle: string; create: ReactNode }) {
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

function FlagTable({
  flags,
  environments,
  stale,
}: {
  flags: readonly Flag[];
  environments: readonly Environment[];
  stale: boolean;
}) {
  const list = useRef<HTMLDivElement>(null);
  useRowNavigation(list);
  return (
    <Card className={stale ? 'opacity-60' : ''}>
      <div ref={list}>
        <div className="hidden overflow-x-auto md:block">
          <table className="w-full text-left">
            <thead>
              <tr className="border-line border-b text-muted text-xs">
                <th scope="col" className="h-9 px-4 font-medium">
                  Flag
                </th>
                <th scope="col" className="px-3 font-medium">
                  Type
                </th>
                <th scope="col" className="px-3 font-medium">
                  Owner
                </th>
                <th scope="col" className="px-3 font-medium">
                  Status
                </th>
                {environments.map((environment) => (
                  <th key={environment.key} scope="col" className="w-28 px-3 text-center font-medium">
                    <EnvironmentName name={environment.key} isProtected={environment.protected} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {flags.map((flag) => (
                <tr key={flag.key} data-row-of={flag.key} className="focus-within:bg-surface hover:bg-surface">
                  <th scope="row" className="max-w-96 px-4 py-2 font-normal">
                    <FlagName flag={flag} />
                  </th>
                  <td className="px-3 text-muted">{flag.type}</td>
                  <td className="max-w-40 truncate px-3 text-muted">{flag.owner === '' ? '–' : flag.owner}</td>
                  <td className="px-3">
                    <FlagStatus flag={flag} environments={environments} />
                  </td>
                  {environments.map((environment) => (
                    <td key={environment.key} className="px-3 text-center">
                      <EnvironmentSwitch flag={flag} environment={environment} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <ul className="divide-y divide-line md:hidden">
          {flags.map((flag) => (
            <li key={flag.key} data-row-of={flag.key} className="px-4 py-3">
              <div className="flex items-start gap-3">
                <div className="min-w-0 flex-1">
                  <FlagName flag={flag} />
                </div>
                <FlagStatus flag={flag} environments={environments} />
              </div>
              <div className="mt-1 flex gap-1">
                {environments.map((environment) => (
                  <div key={environment.key} className="flex min-w-0 flex-1 flex-col items-center text-2xs text-muted">
                    <EnvironmentSwitch flag={flag} environment={environment} />
                    <EnvironmentName name={environment.key} isProtected={environment.protected} />
                  </div>
                ))}
              </div>
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}

function FlagName({ flag }: { flag: Flag }) {
  return (
    <>
      <Link
        href={`/flags/${encodeURIComponent(flag.key)}`}
        data-row=""
        className="font-medium hover:text-accent hover:underline"
      >
        <Mono>{flag.key}</Mono>
      </Link>
      <div className="flex min-w-0 items-center gap-1.5 text-muted text-xs">
        {flag.description === '' ? null : <span className="truncate">{flag.description}</span>}
        {flag.tags.slice(0, 3).map((tag) => (
          <span key={tag} className="shrink-0 rounded-sm bg-sunken px-1 text-2xs">
            {tag}
          </span>
        ))}
      </div>
    </>
  );
}

const LOOKS: Readonly<Record<Standing, { tone: Tone; glyph: Sign; words: string }>> = {
  archived: { tone: 'neutral', glyph: '▣', words: 'Archived' },
  killed: { tone: 'bad', glyph: '✖', words: 'Killed' },
  draft: { tone: 'neutral', glyph: '○', words: 'Draft' },
  in_test: { tone: 'info', glyph: '◐', words: 'In test' },
  live: { tone: 'ok', glyph: '●', words: 'Live' },
  rolled_out: { tone: 'ok', glyph: '✔', words: 'Rolled out' },
};

function FlagStatus({ flag, environments }: { flag: Flag; environments: readonly Environment[] }) {
  const { tone, glyph, words } = LOOKS[standingOf(flag, environments, useSwitches().data ?? [])];
  return (
    <Badge tone={tone} glyph={glyph}>
      {words}
    </Badge>
  );
}
