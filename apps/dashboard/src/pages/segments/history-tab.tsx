import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Empty, Loading, ProblemNote } from '../../ui/notice.tsx';
import { Card } from '../../ui/page.tsx';
import { ChangeRow } from '../audit/change-row.tsx';
import { useAudit } from '../audit/queries.ts';
import type { Segment } from './queries.ts';
import { RestoreSegmentDialog } from './restore-segment-dialog.tsx';

/** Every version, and the way back to each, its list with it. */
export function HistoryTab({ segment }: { segment: Segment }) {
  const changes = useAudit({ noun: 'segments', key: segment.key });
  const [restoring, setRestoring] = useState<Segment | undefined>();
  const items = changes.data?.pages.flatMap((page) => page.items) ?? [];
  if (changes.isPending) return <Loading rows={4} label="Loading the history" />;
  return (
    <>
      {changes.isError ? (
        <ProblemNote error={changes.error} onRetry={() => changes.refetch()} className="mb-3" />
      ) : null}
      {items.length === 0 ? (
        changes.isError ? null : (
          <Empty title="No changes" />
        )
      ) : (
        <Card>
          <ol className="divide-y divide-line">
            {items.map((change) => (
              <ChangeRow
                key={change.seq}
                change={change}
                linked={false}
                action={
                  change.after === null || change.version === segment.version ? undefined : (
                    <button
                      type="button"
                      className="touch rounded-sm px-1 font-medium text-accent hover:underline"
                      onClick={() => setRestoring({ ...(change.after as unknown as Segment), version: change.version })}
                    >
                      Compare and restore
                      <span className="sr-only"> version {change.version}</span>
                    </button>
                  )
                }
              />
            ))}
          </ol>
        </Card>
      )}
      {changes.hasNextPage ? (
        <div className="mt-4 text-center">
          <Button busy={changes.isFetchingNextPage} onClick={() => changes.fetchNextPage()}>
            Show older
          </Button>
        </div>
      ) : null}
      {restoring === undefined ? null : (
        <RestoreSegmentDialog base={segment} was={restoring} onClose={() => setRestoring(undefined)} />
      )}
    </>
  );
}
