import { Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { LeaveGuard } from '../../ui/leave-guard.tsx';
import { Loading, ProblemNote } from '../../ui/notice.tsx';
import { Mono, Page } from '../../ui/page.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { useParameter } from '../../ui/url.ts';
import { DefinitionTab } from './definition-tab.tsx';
import { type Segment, useSegment } from './queries.ts';
import { SegmentKind } from './segments-page.tsx';
import { UsedBy } from './used-by.tsx';
import { whoBelongs } from './words.ts';

const ListTab = lazy(async () => ({ default: (await import('./list-tab.tsx')).ListTab }));
const SizeTab = lazy(async () => ({ default: (await import('./size-tab.tsx')).SizeTab }));
const HistoryTab = lazy(async () => ({ default: (await import('./history-tab.tsx')).HistoryTab }));
const DeleteSegmentDialog = lazy(async () => ({
  default: (await import('./delete-segment-dialog.tsx')).DeleteSegmentDialog,
}));

export function SegmentPage({ segmentKey }: { segmentKey: string }) {
  const segment = useSegment(segmentKey);
  if (segment.data === undefined) {
    return (
      <Page title={segmentKey} heading={<Mono>{segmentKey}</Mono>}>
        {segment.isError ? (
          <ProblemNote error={segment.error} onRetry={() => segment.refetch()} />
        ) : (
          <Loading rows={6} label="Loading the segment" />
        )}
      </Page>
    );
  }
  return <LoadedSegment segment={segment.data} />;
}

function LoadedSegment({ segment }: { segment: Segment }) {
  const [tab, setTab] = useParameter('tab', 'definition');
  const [isUnsaved, setUnsaved] = useState(false);
  const tabs = [
    {
      id: 'definition',
      label: 'Definition',
      isKept: isUnsaved,
      content: () => <DefinitionTab segment={segment} onUnsaved={setUnsaved} />,
    },
    { id: 'list', label: 'List', content: () => <ListTab segment={segment} /> },
    { id: 'size', label: 'Size', content: () => <SizeTab segmentKey={segment.key} /> },
    { id: 'used-by', label: 'Used by', content: () => <UsedBy segmentKey={segment.key} /> },
    { id: 'history', label: 'History', content: () => <HistoryTab segment={segment} /> },
  ];
  return (
    <Page
      title={segment.key}
      heading={
        <span className="flex flex-wrap items-center gap-2">
          <Mono>{segment.key}</Mono>
          <SegmentKind segment={segment} />
          {segment.tags.map((tag) => (
            <Badge key={tag}>{tag}</Badge>
          ))}
        </span>
      }
      about={
        <>
          {segment.name === '' ? null : <p>{segment.name}</p>}
          {segment.description === '' ? null : <p>{segment.description}</p>}
          <p className="line-clamp-2">Belongs: {whoBelongs(segment)}.</p>
        </>
      }
      actions={<DeleteSegment segment={segment} />}
    >
      <LeaveGuard unsaved={isUnsaved ? [segment.key] : []} />
      <Suspense fallback={<Loading rows={6} />}>
        <Tabs
          label="Segment"
          tabs={tabs}
          value={tabs.some(({ id }) => id === tab) ? tab : 'definition'}
          onChange={setTab}
        />
      </Suspense>
    </Page>
  );
}

function DeleteSegment({ segment }: { segment: Segment }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button look="danger-outline" onClick={() => setAsking(true)}>
        <Trash2 className="size-4" aria-hidden="true" /> Delete
      </Button>
      {asking ? (
        <Suspense>
          <DeleteSegmentDialog segment={segment} onClose={() => setAsking(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
