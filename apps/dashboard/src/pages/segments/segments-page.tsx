import { Combine, ContactRound, Plus, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { Badge } from '../../ui/badge.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Input } from '../../ui/field.tsx';
import { Empty, Loading, ProblemNote } from '../../ui/notice.tsx';
import { Card, Key, Mono, Page } from '../../ui/page.tsx';
import { useSettled } from '../../ui/settled.ts';
import { useParameter } from '../../ui/url.ts';
import { NewSegmentDialog } from './new-segment-dialog.tsx';
import { type Segment, useSegments } from './queries.ts';
import { TYPE_WORDS, whoBelongs } from './words.ts';

export function SegmentsPage() {
  const [search, setSearch] = useParameter('q');
  const [typed, setTyped] = useState(search);
  const settled = useSettled(typed.trim(), 200);
  const [creating, setCreating] = useParameter('new');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address follows what was typed, once typing pauses
  useEffect(() => setSearch(settled), [settled]);
  const segments = useSegments(settled);
  const items = segments.data?.pages.flatMap((page) => page.items) ?? [];
  const create = (
    <Button look="primary" onClick={() => setCreating('1')}>
      <Plus className="size-4" aria-hidden="true" /> New segment
    </Button>
  );
  return (
    <Page
      title="Segments"
      about="Groups of users that rules and kill switches name."
      actions={
        <>
          <Link href="/overlap" className={buttonClass()}>
            <Combine className="size-4" aria-hidden="true" /> Overlap
          </Link>
          <Link href="/profiles" className={buttonClass()}>
            <ContactRound className="size-4" aria-hidden="true" /> Profiles
          </Link>
          {create}
        </>
      }
      wide
    >
      <div className="relative mb-3 w-full sm:w-80">
        <Search
          className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-muted"
          aria-hidden="true"
        />
        <Input
          type="search"
          data-search=""
          aria-label="Search segments"
          placeholder="Search by key, name, tag…"
          className="pr-8 pl-8"
          value={typed}
          maxLength={256}
          onChange={(event) => setTyped(event.target.value)}
        />
        <span className="pointer-events-none absolute top-1/2 right-2 hidden -translate-y-1/2 sm:block">
          {typed === '' ? <Key>/</Key> : null}
        </span>
      </div>
      {segments.isError ? (
        <ProblemNote error={segments.error} onRetry={() => segments.refetch()} className="mb-3" />
      ) : null}
      {segments.isPending ? (
        <Loading rows={8} label="Loading segments" />
      ) : items.length > 0 ? (
        <SegmentTable segments={items} stale={segments.isPlaceholderData} />
      ) : segments.isError ? null : settled === '' ? (
        <Empty title="No segments yet" action={create}>
          A segment says once who belongs together, such as “beta testers” or “customers in the EU”. Rules then name it.
        </Empty>
      ) : (
        <Empty title={`No segment matches “${settled}”`}>Try a part of its key, its name or a tag.</Empty>
      )}
      {segments.hasNextPage ? (
        <div className="mt-4 text-center">
          <Button busy={segments.isFetchingNextPage} onClick={() => segments.fetchNextPage()}>
            Show more
          </Button>
        </div>
      ) : null}
      <NewSegmentDialog open={creating !== ''} onClose={() => setCreating('')} />
    </Page>
  );
}

function SegmentTable({ segments, stale }: { segments: readonly Segment[]; stale: boolean }) {
  return (
    <Card className={stale ? 'opacity-60' : ''}>
      <div className="hidden overflow-x-auto md:block">
        <table className="w-full text-left">
          <thead>
            <tr className="border-line border-b text-muted text-xs">
              <th scope="col" className="h-9 px-4 font-medium">
                Segment
              </th>
              <th scope="col" className="px-3 font-medium">
                Kind
              </th>
              <th scope="col" className="px-3 font-medium">
                Who belongs
              </th>
              <th scope="col" className="px-3 font-medium">
                Owner
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {segments.map((segment) => (
              <tr key={segment.key} className="hover:bg-surface">
                <th scope="row" className="max-w-80 px-4 py-2 font-normal">
                  <SegmentName segment={segment} />
                </th>
                <td className="px-3">
                  <SegmentKind segment={segment} />
                </td>
                <td className="max-w-120 truncate px-3 text-muted" title={whoBelongs(segment)}>
                  {whoBelongs(segment)}
                </td>
                <td className="max-w-40 truncate px-3 text-muted">{segment.owner === '' ? '–' : segment.owner}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ul className="divide-y divide-line md:hidden">
        {segments.map((segment) => (
          <li key={segment.key} className="px-4 py-3">
            <div className="flex items-start gap-3">
              <div className="min-w-0 flex-1">
                <SegmentName segment={segment} />
              </div>
              <SegmentKind segment={segment} />
            </div>
            <p className="mt-1 line-clamp-2 text-muted text-xs">{whoBelongs(segment)}</p>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function SegmentName({ segment }: { segment: Segment }) {
  return (
    <>
      <Link
        href={`/segments/${encodeURIComponent(segment.key)}`}
        className="font-medium hover:text-accent hover:underline"
      >
        <Mono>{segment.key}</Mono>
      </Link>
      <div className="flex min-w-0 items-center gap-1.5 text-muted text-xs">
        {segment.name === '' && segment.description === '' ? null : (
          <span className="truncate">{segment.name === '' ? segment.description : segment.name}</span>
        )}
        {segment.tags.slice(0, 3).map((tag) => (
          <span key={tag} className="shrink-0 rounded-sm bg-sunken px-1 text-2xs">
            {tag}
          </span>
        ))}
      </div>
    </>
  );
}

export function SegmentKind({ segment }: { segment: Segment }) {
  return <Badge tone={segment.type === 'list' ? 'info' : 'neutral'}>{TYPE_WORDS[segment.type]}</Badge>;
}
