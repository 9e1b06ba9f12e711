import { useState } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ReasonField } from '../../ui/field.tsx';
import { flagLink, NamedLinks, segmentLink, switchLink } from '../../ui/named-links.tsx';
import { Notice, ProblemNote } from '../../ui/notice.tsx';
import { toast } from '../../ui/toast.tsx';
import { type Segment, useDeleteSegment, useDependents } from './queries.ts';
import { isUsed } from './used-by.tsx';

/** A segment goes once nothing uses it; until then, what does is named. */
export function DeleteSegmentDialog({ segment, onClose }: { segment: Segment; onClose: () => void }) {
  const [, navigate] = useLocation();
  const [reason, setReason] = useState('');
  const dependents = useDependents(segment.key);
  const remove = useDeleteSegment();
  const used = dependents.data !== undefined && isUsed(dependents.data);
  const isReady = dependents.data !== undefined && !used;
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
                    navigate('/segments', { replace: true });
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
        {dependents.data !== undefined && used ? (
          <Notice tone="bad" title="Still in use: take it out of these first">
            <div className="mt-1 space-y-2">
              <NamedLinks title="Flags" items={dependents.data.flags.map(flagLink)} />
              <NamedLinks title="Segments" items={dependents.data.segments.map(segmentLink)} />
              <NamedLinks title="Kill switches" items={dependents.data.switches.map(switchLink)} />
            </div>
          </Notice>
        ) : (
          <ReasonField value={reason} onChange={setReason} required={false} autoFocus />
        )}
        {remove.isError ? <ProblemNote error={remove.error} /> : null}
      </div>
    </Dialog>
  );
}
