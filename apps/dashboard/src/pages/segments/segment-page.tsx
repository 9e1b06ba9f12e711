import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useEnvironments } from '../../live/queries.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ReasonField } from '../../ui/field.tsx';
import { Loading, Notice, ProblemNote } from '../../ui/notice.tsx';
import { Mono, Page } from '../../ui/page.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { toast } from '../../ui/toast.tsx';
import { useParameter } from '../../ui/url.ts';
import { DefinitionTab } from './definition-tab.tsx';
import { HistoryTab } from './history-tab.tsx';
import { ListTab } from './list-tab.tsx';
import { type Segment, useDeleteSegment, useDependents, useSegment } from './queries.ts';
import { SegmentKind } from './segments-page.tsx';
import { SizeTab } from './size-tab.tsx';
import { isUsed, UsedBy } from './used-by.tsx';
import { whoBelongs } from './words.ts';

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
  const tabs = [
    { id: 'definition', label: 'Definition', content: () => <DefinitionTab segment={segment} /> },
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
      <Tabs
        label="Segment"
        tabs={tabs}
        value={tabs.some(({ id }) => id === tab) ? tab : 'definition'}
        onChange={setTab}
      />
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
      {asking ? <DeleteDialog segment={segment} onClose={() => setAsking(false)} /> : null}
    </>
  );
}

function DeleteDialog({ segment, onClose }: { segment: Segment; onClose: () => void }) {
  const [, navigate] = useLocation();
  const [reason, setReason] = useState('');
  const dependents = useDependents(segment.key);
  const remove = useDeleteSegment();
  const isProtected = useEnvironments().data?.some((environment) => environment.protected) ?? true;
  const used = dependents.data !== undefined && isUsed(dependents.data);
  const isReady = dependents.data !== undefined && !used && (!isProtected || reason.trim() !== '');
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Delete ${segment.key}?`}
      description={used ? undefined : 'Its history stays in the log.'}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="danger"
            busy={remove.isPending}
            disabled={!isReady}
            onClick={() =>
              remove.mutate(
                { segment, reason },
                {
                  onSuccess: () => {
                    toast('ok', `${segment.key} is deleted`);
                    navigate('/segments');
                  },
                },
              )
            }
          >
            Delete
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        {dependents.isError ? <ProblemNote error={dependents.error} onRetry={() => dependents.refetch()} /> : null}
        {used ? (
          <Notice tone="warn" title="Still in use: take it out of these first">
            <Link className="text-accent underline" href={`/segments/${encodeURIComponent(segment.key)}?tab=used-by`}>
              See what uses it
            </Link>
          </Notice>
        ) : (
          <ReasonField value={reason} onChange={setReason} required={isProtected} autoFocus />
        )}
        {remove.isError ? <ProblemNote error={remove.error} /> : null}
      </div>
    </Dialog>
  );
}
