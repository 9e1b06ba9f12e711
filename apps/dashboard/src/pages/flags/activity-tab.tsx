import { flagChanges } from '@spillway/core/wording';
import { useInfiniteQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { ask } from '../../api.ts';
import type { Change, Environment, Flag } from '../../documents.ts';
import { keys } from '../../live/keys.ts';
import { PAGE } from '../../live/queries.ts';
import { Ago } from '../../ui/ago.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ChangeList } from '../../ui/change-list.tsx';
import { Empty, Loading, ProblemNote } from '../../ui/notice.tsx';
import { Card } from '../../ui/page.tsx';
import { actionWord, actorName } from '../audit/words.ts';
import { CompareVersions } from './compare-versions.tsx';
import { entriesInReach, loggedFlag } from './flag-changes.ts';

const RestoreDialog = lazy(async () => ({ default: (await import('./restore-dialog.tsx')).RestoreDialog }));

/** Every version: who made it, when, why and what it changed; compared, and brought back. */
export function ActivityTab({ flag, environments }: { flag: Flag; environments: readonly Environment[] }) {
  const [restoring, setRestoring] = useState<number | undefined>();
  const history = useInfiniteQuery({
    queryKey: keys.flagHistory(flag.key),
    queryFn: ({ signal, pageParam }) =>
      ask('flagHistory', {
        params: { key: flag.key },
        query: { limit: PAGE, ...(pageParam === '' ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });
  if (history.isPending) return <Loading rows={6} label="Loading the history" />;
  const entries = history.data?.pages.flatMap((page) => page.items) ?? [];
  const inReach = entriesInReach(entries);
  return (
    <div className="space-y-4">
      {history.isError ? <ProblemNote error={history.error} onRetry={() => history.refetch()} /> : null}
      {flag.version > 1 ? <CompareVersions flag={flag} /> : null}
      {entries.length === 0 ? (
        history.isError ? null : (
          <Empty title="No changes yet" />
        )
      ) : (
        <Card>
          <ol className="divide-y divide-line" aria-label="Versions">
            {entries.map((entry) => (
              <VersionRow
                key={entry.seq}
                entry={entry}
                isCurrent={entry.version === flag.version && inReach.has(entry.seq)}
                isInReach={inReach.has(entry.seq)}
                onRestore={() => setRestoring(entry.version)}
              />
            ))}
          </ol>
        </Card>
      )}
      {history.hasNextPage ? (
        <div className="text-center">
          <Button busy={history.isFetchingNextPage} onClick={() => history.fetchNextPage()}>
            Show older
          </Button>
        </div>
      ) : null}
      {restoring === undefined ? null : (
        <Suspense>
          <RestoreDialog
            flag={flag}
            version={restoring}
            environments={environments}
            onClose={() => setRestoring(undefined)}
          />
        </Suspense>
      )}
    </div>
  );
}

function VersionRow({
  entry,
  isCurrent,
  isInReach,
  onRestore,
}: {
  entry: Change;
  isCurrent: boolean;
  /** Whether its number means this version, and not one of a later life of the flag. */
  isInReach: boolean;
  onRestore: () => void;
}) {
  const [open, setOpen] = useState(false);
  const after = loggedFlag(entry.after, entry.version);
  const before = loggedFlag(entry.before, entry.version - 1);
  const changes = before === undefined || after === undefined ? [] : flagChanges(before, after);
  return (
    <li className="px-4 py-2.5">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span className="numbers w-12 font-mono text-muted text-xs">v{entry.version}</span>
        <div className="min-w-0 flex-1 basis-56 break-words">
          <span className="font-medium" title={entry.actor}>
            {actorName(entry.actor)}
          </span>{' '}
          <span className="text-muted">{actionWord(entry.action)}</span>
          {isCurrent ? (
            <Badge tone="accent" className="ml-2">
              current
            </Badge>
          ) : null}
          {entry.summary === undefined ? null : <p className="mt-0.5">{entry.summary}</p>}
          {entry.reason === '' ? null : <p className="mt-0.5 text-muted italic">“{entry.reason}”</p>}
        </div>
        <div className="flex w-full items-baseline justify-end sm:w-auto">
          <Ago at={entry.at_ms} className="mr-auto text-muted text-xs sm:mr-2" />
          <span className="text-right sm:w-28">
            {changes.length === 0 ? null : (
              <Button look="quiet" className="px-2!" aria-expanded={open} onClick={() => setOpen(!open)}>
                {open ? 'Hide' : 'What changed'}
                <span className="sr-only"> in version {entry.version}</span>
              </Button>
            )}
          </span>
          <span className="text-right sm:w-20">
            {isCurrent || !isInReach ? null : (
              <Button look="quiet" className="px-2!" onClick={onRestore}>
                Restore<span className="sr-only"> version {entry.version}</span>
              </Button>
            )}
          </span>
        </div>
      </div>
      {open ? (
        <div className="mt-2 sm:pl-15">
          <ChangeList rows={changes} />
        </div>
      ) : null}
    </li>
  );
}
