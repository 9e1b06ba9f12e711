import { useState } from 'react';
import type { Change } from '../../documents.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Loading, ProblemNote } from '../../ui/notice.tsx';
import { Card } from '../../ui/page.tsx';
import { clockTime, fullTime } from '../../ui/time.ts';
import { becauseOf } from './because.ts';
import { entryWords } from './entry-words.ts';
import { FindingsTable, VERDICT } from './findings.tsx';
import type { useRolloutHistory } from './live-rollout.ts';

/** Every decision, newest first, each with the numbers it rests on. */
export function Timeline({
  history,
  entries,
  cause,
}: {
  history: ReturnType<typeof useRolloutHistory>;
  entries: readonly Change[];
  /** Why the rollout went back, if it did. */
  cause: string | undefined;
}) {
  return (
    <Card>
      <h2 className="px-4 pt-3 pb-2 font-semibold">Timeline</h2>
      {history.isPending ? (
        <div className="px-4 pb-3">
          <Loading rows={3} label="Loading timeline" />
        </div>
      ) : null}
      {history.isError ? (
        <ProblemNote error={history.error} onRetry={() => history.refetch()} className="px-4 pb-3" />
      ) : null}
      <ol className="divide-y divide-line border-line border-t">
        {entries.map((entry) => (
          <TimelineRow key={entry.seq} entry={entry} cause={cause} />
        ))}
      </ol>
      {history.hasNextPage ? (
        <div className="border-line border-t p-2 text-center">
          <Button look="quiet" busy={history.isFetchingNextPage} onClick={() => history.fetchNextPage()}>
            Show older
          </Button>
        </div>
      ) : null}
    </Card>
  );
}

function TimelineRow({ entry, cause }: { entry: Change; cause: string | undefined }) {
  const [open, setOpen] = useState(false);
  const because = becauseOf(entry);
  const { decided, asked } = entryWords(entry, cause);
  const numbers = because?.findings ?? [];
  return (
    <li>
      <div className="flex gap-3 px-4 py-2">
        <time
          dateTime={new Date(entry.at_ms).toISOString()}
          title={fullTime(entry.at_ms)}
          className="numbers w-20 shrink-0 whitespace-nowrap text-muted text-xs leading-5"
        >
          {clockTime(entry.at_ms)}
        </time>
        <div className="min-w-0 flex-1">
          <p className="break-words">
            {because?.verdict === undefined ? null : (
              <Badge tone={VERDICT[because.verdict].tone} glyph={VERDICT[because.verdict].glyph} className="mr-2">
                {VERDICT[because.verdict].word}
              </Badge>
            )}
            {decided}
          </p>
          {asked === '' ? null : <p className="break-words text-muted italic">{asked}</p>}
        </div>
        {numbers.length === 0 ? null : (
          <button
            type="button"
            aria-expanded={open}
            className="touch shrink-0 rounded-sm px-1 font-medium text-accent text-xs hover:underline"
            onClick={() => setOpen(!open)}
          >
            {open ? 'Hide' : 'Numbers'}
            <span className="sr-only"> of {clockTime(entry.at_ms)}</span>
          </button>
        )}
      </div>
      {open ? (
        <div className="pb-2">
          <FindingsTable findings={numbers} />
        </div>
      ) : null}
    </li>
  );
}
