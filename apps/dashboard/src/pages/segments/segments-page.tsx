import { Combine, ContactRound, Plus } from 'lucide-react';
import { useRef } from 'react';
import { Link } from 'wouter';
import { Badge } from '../../ui/badge.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Empty, Loading, ProblemNote } from '../../ui/notice.tsx';
import { Card, Mono, Page } from '../../ui/page.tsx';
import { useRowNavigation } from '../../ui/row-navigation.ts';
import { SearchField } from '../../ui/search-field.tsx';
import { ShowMore } from '../../ui/show-more.tsx';
import { Table, TableCell, TableRow } from '../../ui/table.tsx';
import { useParameter, useSearched } from '../../ui/url.ts';
import { NewSegmentDialog } from './new-segment-dialog.tsx';
import { type Segment, useSegments } from './queries.ts';
import { TYPE_WORDS, whoBelongs } from './words.ts';

export function SegmentsPage() {
  const { typed, settled, type } = useSearched();
  const [creating, setCreating] = useParameter('new');
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
      <div className="mb-3">
        <SearchField label="Search segments" placeholder="Search by key, name, tag…" value={typed} onChange={type} />
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
      <ShowMore list={segments} />
      <NewSegmentDialog open={creating !== ''} onClose={() => setCreating('')} />
    </Page>
  );
}

function SegmentTable({ segments, stale }: { segments: readonly Segment[]; stale: boolean }) {
  const list = useRef<HTMLDivElement>(null);
  useRowNavigation(list);
  return (
    <Card className={stale ? 'opacity-60' : ''}>
      <div ref={list}>
        <Table label="Segments" columns={COLUMNS} className="hidden md:block">
          {segments.map((segment) => (
            <TableRow
              key={segment.key}
              of={segment.key}
              headingClass="max-w-80"
              heading={<SegmentName segment={segment} />}
            >
              <TableCell>
                <SegmentKind segment={segment} />
              </TableCell>
              <TableCell className="max-w-120 truncate text-muted" title={whoBelongs(segment)}>
                {whoBelongs(segment)}
              </TableCell>
              <TableCell className="max-w-40 truncate text-muted">
                {segment.owner === '' ? '–' : segment.owner}
              </TableCell>
            </TableRow>
          ))}
        </Table>
        <ul className="divide-y divide-line md:hidden">
          {segments.map((segment) => (
            <li key={segment.key} data-row-of={segment.key} className="px-4 py-3">
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
      </div>
    </Card>
  );
}

const COLUMNS = [
  { id: 'segment', name: 'Segment' },
  { id: 'kind', name: 'Kind' },
  { id: 'who', name: 'Who belongs' },
  { id: 'owner', name: 'Owner' },
] as const;

function SegmentName({ segment }: { segment: Segment }) {
  return (
    <>
      <Link
        href={`/segments/${encodeURIComponent(segment.key)}`}
        data-row=""
        className="font-medium hover:text-accent hover:underline"
      >
        <Mono>{segment.key}</Mono>
      </Link>
      <div className="flex min-w-0 flex-wrap items-center gap-x-1.5 text-muted text-xs">
        {segment.name === '' && segment.description === '' ? null : (
          <span className="max-w-full truncate">{segment.name === '' ? segment.description : segment.name}</span>
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
