import type { Change } from '../../documents.ts';
import { useChanges } from '../../live/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, Loading, ProblemNote } from '../../ui/notice.tsx';
import { Card } from '../../ui/page.tsx';
import { ChangeRow } from './change-row.tsx';

/** The log, newest first, optionally of one kind or one thing. */
export function ChangeFeed({ noun, objectKey }: { noun: Change['noun'] | ''; objectKey: string }) {
  const changes = useChanges(noun, objectKey);
  const items = changes.data?.pages.flatMap((page) => page.items) ?? [];
  if (changes.isPending) return <Loading rows={8} label="Loading changes" />;
  return (
    <>
      {changes.isError ? (
        <ProblemNote error={changes.error} onRetry={() => changes.refetch()} className="mb-3" />
      ) : null}
      {items.length === 0 ? (
        changes.isError ? null : (
          <Empty title="No changes">Every change appears here with who, when and why.</Empty>
        )
      ) : (
        <Card>
          <ol className="divide-y divide-line">
            {items.map((change) => (
              <ChangeRow key={change.seq} change={change} linked={objectKey === ''} />
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
    </>
  );
}
