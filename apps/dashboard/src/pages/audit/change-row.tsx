import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import type { Change } from '../../documents.ts';
import { Ago } from '../../ui/ago.tsx';
import { ChangeList } from '../../ui/change-list.tsx';
import { cx } from '../../ui/cx.ts';
import { type JsonChange, jsonDifference } from '../../ui/json-difference.ts';
import { Mono } from '../../ui/page.tsx';
import { actorName, decisionOf, deedWords, objectName, pageOf } from './words.ts';

const MAX_LINES = 60;

/** One entry: who did what and why in a line; on request every place that changed. */
export function ChangeRow({
  change,
  linked = true,
  action,
}: {
  change: Change;
  linked?: boolean;
  /** What can be done about it. */
  action?: ReactNode;
}) {
  const [open, setOpen] = useState(false);
  const page = linked ? pageOf(change) : undefined;
  const byPerson = change.reason !== '' && change.actor !== 'system';
  const why = change.reason === '' ? decisionOf(change) : change.reason;
  return (
    <li className="px-4 py-2.5">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
        <div className="min-w-0 flex-1 basis-56 break-words">
          <span className="font-medium" title={change.actor}>
            {actorName(change.actor)}
          </span>{' '}
          <span className="text-muted">{deedWords(change)}</span>{' '}
          {page === undefined ? (
            <Mono>{objectName(change)}</Mono>
          ) : (
            <Link href={page} className="hover:text-accent hover:underline">
              <Mono>{objectName(change)}</Mono>
            </Link>
          )}
          {change.summary === undefined ? null : <p className="mt-0.5">{change.summary}</p>}
          {why === undefined ? null : (
            <p className={cx('mt-0.5 text-muted', byPerson && 'italic')}>{byPerson ? `“${why}”` : why}</p>
          )}
        </div>
        <span className="flex items-baseline gap-3 text-muted text-xs">
          <span className="numbers font-mono" title="Number in the log">
            #{change.seq}
          </span>
          <Ago at={change.at_ms} className="w-20 text-right" />
          <button
            type="button"
            aria-expanded={open}
            className="touch rounded-sm px-1 font-medium text-accent hover:underline"
            onClick={() => setOpen(!open)}
          >
            {open ? 'Hide' : 'Details'}
            <span className="sr-only"> of entry {change.seq}</span>
          </button>
          {action}
        </span>
      </div>
      {open ? <ChangeDetails change={change} /> : null}
    </li>
  );
}

function ChangeDetails({ change }: { change: Change }) {
  const lines = jsonDifference(change.before ?? undefined, change.after ?? undefined);
  const shown = lines.length === 1 && lines[0]?.path === '' ? wholeDocument(lines[0]) : lines;
  return (
    <div className="mt-2 space-y-2">
      {shown.length === 0 ? (
        <p className="text-muted">The document itself did not change.</p>
      ) : (
        <ChangeList mono rows={shown.slice(0, MAX_LINES).map(asRow)} />
      )}
      {shown.length > MAX_LINES ? <p className="text-muted">and {shown.length - MAX_LINES} more places</p> : null}
      <p className="break-all font-mono text-2xs text-muted">
        version {change.version} · hash {change.hash.slice(0, 16)}… chained to {change.previous_hash.slice(0, 16)}…
      </p>
    </div>
  );
}

/** A created or deleted document, member by member, so that it can be read. */
function wholeDocument(change: JsonChange): readonly JsonChange[] {
  const rows = (value: JsonChange['before'], side: 'before' | 'after'): readonly JsonChange[] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(([path, member]) => ({ path, [side]: member }))
      : [];
  return [...rows(change.before, 'before'), ...rows(change.after, 'after')];
}

function asRow(change: JsonChange) {
  return {
    name: change.path === '' ? 'document' : change.path,
    ...(change.before === undefined ? {} : { before: JSON.stringify(change.before) }),
    ...(change.after === undefined ? {} : { after: JSON.stringify(change.after) }),
  };
}
