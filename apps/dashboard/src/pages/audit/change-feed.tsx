import { Button } from '../../ui/button.tsx';
import { Empty, Loading, ProblemNote } from '../../ui/notice.tsx';
import { Card } from '../../ui/page.tsx';
import { ChangeRow } from './change-row.tsx';
import { type AuditFilter, useAudit } from './queries.ts';

/** The log, newest first, as far as it fits the filter. */
export function AuditFeed({ filter }: { filter: AuditFilter }) {
  const changes = useAudit(filter);
  const items = changes.data?.pages.flatMap((page) => page.items) ?? [];
  if (changes.isPending) return <Loading rows={8} label="Loading changes" />;
  return (
    <>
      {changes.isError ? (
        <ProblemNote error={changes.error} onRetry={() => changes.refetch()} className="mb-3" />
      ) : null}
      {items.length > 0 ? (
        <Card className={changes.isPlaceholderData ? 'opacity-60' : ''}>
          <ol className="divide-y divide-line">
            {items.map((change) => (
              <ChangeRow key={change.seq} change={change} linked={filter.key === undefined} />
            ))}
          </ol>
        </Card>
      ) : changes.isError ? null : (
        <Empty title={changes.hasNextPage ? 'Nothing among the newest entries' : 'No changes'}>
          {changes.hasNextPage
            ? 'Older ones have not been looked at yet.'
            : isNarrowed(filter)
              ? 'Nothing in the log fits all of these filters.'
              : 'Every change appears here with who, when and why.'}
        </Empty>
      )}
      {changes.hasNextPage ? (
        <div className="mt-4 text-center">
          <Button busy={changes.isFetchingNextPage} onClick={() => changes.fetchNextPage()}>
            {items.length === 0 ? 'Look further back' : 'Show older'}
          </Button>
        </div>
      ) : null}
    </>
  );
}

function isNarrowed({ actor, from, to, search }: AuditFilter): boolean {
  return [actor, from, to, search].some((part) => part !== undefined);
}
