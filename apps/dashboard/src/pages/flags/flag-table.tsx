import { useRef } from 'react';
import { Link } from 'wouter';
import type { Environment, ListedFlag } from '../../documents.ts';
import { useSwitches } from '../../live/queries.ts';
import { Badge, EnvironmentName, type Tone } from '../../ui/badge.tsx';
import type { Sign } from '../../ui/glyph.tsx';
import { Card, Mono } from '../../ui/page.tsx';
import { useRowNavigation } from '../../ui/row-navigation.ts';
import { type Column, Table, TableCell, TableRow } from '../../ui/table.tsx';
import { EnvironmentSwitch } from './environment-switch.tsx';
import { STALE_WORDS, type Standing, standingOf } from './flag-standing.ts';
import type { Filter } from './list-query.ts';
import { ActivityCell } from './usage/activity-cell.tsx';
import { useActivity } from './usage/queries.ts';

type Narrow = (filter: Partial<Record<Filter, string>>) => void;

const MAX_TAGS = 3;

/** A row per flag with a switch per environment; on a phone the same as cards. */
export function FlagTable({
  flags,
  environments,
  fading,
  onNarrow,
}: {
  flags: readonly ListedFlag[];
  environments: readonly Environment[];
  /** What is shown is of the question before. */
  fading: boolean;
  onNarrow: Narrow;
}) {
  const activity = useActivity(flags.map(({ key }) => key));
  const list = useRef<HTMLDivElement>(null);
  useRowNavigation(list);
  return (
    <Card className={fading ? 'opacity-60' : ''}>
      <div ref={list}>
        <Table
          label="Flags"
          className="hidden md:block"
          columns={[
            ...COLUMNS,
            ...environments.map((environment) => ({
              id: `in ${environment.key}`,
              name: <EnvironmentName name={environment.key} isProtected={environment.protected} />,
              align: 'center' as const,
              className: 'w-28',
            })),
          ]}
        >
          {flags.map((flag) => (
            <TableRow
              key={flag.key}
              of={flag.key}
              headingClass="max-w-96"
              heading={<FlagName flag={flag} onNarrow={onNarrow} />}
            >
              <TableCell className="text-muted">{flag.type}</TableCell>
              <TableCell className="max-w-40 truncate text-muted">
                <Owner owner={flag.owner} onNarrow={onNarrow} />
              </TableCell>
              <TableCell>
                <FlagStatus flag={flag} environments={environments} />
              </TableCell>
              <TableCell className="hidden text-muted lg:table-cell">
                <ActivityCell activity={activity[flag.key]} />
              </TableCell>
              {environments.map((environment) => (
                <TableCell key={environment.key} align="center">
                  <EnvironmentSwitch flag={flag} environment={environment} />
                </TableCell>
              ))}
            </TableRow>
          ))}
        </Table>
        <ul className="divide-y divide-line md:hidden">
          {flags.map((flag) => (
            <li key={flag.key} data-row-of={flag.key} className="px-4 py-3">
              <div className="flex items-start gap-3">
                <div className="min-w-0 flex-1">
                  <FlagName flag={flag} onNarrow={onNarrow} />
                </div>
                <FlagStatus flag={flag} environments={environments} />
              </div>
              <div className="mt-1 flex gap-1">
                {environments.map((environment) => (
                  <div key={environment.key} className="flex min-w-0 flex-1 flex-col items-center text-2xs text-muted">
                    <EnvironmentSwitch flag={flag} environment={environment} />
                    <EnvironmentName name={environment.key} isProtected={environment.protected} />
                  </div>
                ))}
              </div>
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}

const COLUMNS: readonly Column[] = [
  { id: 'flag', name: 'Flag' },
  { id: 'type', name: 'Type' },
  { id: 'owner', name: 'Owner' },
  { id: 'status', name: 'Status' },
  { id: 'activity', name: 'Last 7 days', className: 'hidden w-28 lg:table-cell' },
];

function Owner({ owner, onNarrow }: { owner: string; onNarrow: Narrow }) {
  return owner === '' ? (
    '–'
  ) : (
    <button
      type="button"
      title={`Only those of ${owner}`}
      className="hover:text-accent hover:underline"
      onClick={() => onNarrow({ owner })}
    >
      {owner}
    </button>
  );
}

function FlagName({ flag, onNarrow }: { flag: ListedFlag; onNarrow: Narrow }) {
  return (
    <>
      <Link
        href={`/flags/${encodeURIComponent(flag.key)}`}
        data-row=""
        className="font-medium hover:text-accent hover:underline"
      >
        <Mono>{flag.key}</Mono>
      </Link>
      <div className="flex min-w-0 items-center gap-1.5 text-muted text-xs">
        {flag.description === '' ? null : <span className="truncate">{flag.description}</span>}
        {flag.tags.slice(0, MAX_TAGS).map((tag) => (
          <button
            key={tag}
            type="button"
            title={`Only those tagged ${tag}`}
            className="shrink-0 rounded-sm bg-sunken px-1 text-2xs hover:text-accent"
            onClick={() => onNarrow({ tag })}
          >
            {tag}
          </button>
        ))}
      </div>
    </>
  );
}

function FlagStatus({ flag, environments }: { flag: ListedFlag; environments: readonly Environment[] }) {
  const { tone, glyph, words } = LOOKS[standingOf(flag, environments, useSwitches().data ?? [])];
  return (
    <span className="inline-flex flex-wrap gap-1">
      <Badge tone={tone} glyph={glyph}>
        {words}
      </Badge>
      {flag.stale === null ? null : (
        <span title={STALE_WORDS[flag.stale.reason]}>
          <Badge tone="warn" glyph="⚠">
            Stale<span className="sr-only">: {STALE_WORDS[flag.stale.reason]}</span>
          </Badge>
        </span>
      )}
    </span>
  );
}

const LOOKS: Readonly<Record<Standing, { tone: Tone; glyph: Sign; words: string }>> = {
  archived: { tone: 'neutral', glyph: '▣', words: 'Archived' },
  killed: { tone: 'bad', glyph: '✖', words: 'Killed' },
  draft: { tone: 'neutral', glyph: '○', words: 'Draft' },
  in_test: { tone: 'info', glyph: '◐', words: 'In test' },
  live: { tone: 'ok', glyph: '●', words: 'Live' },
  rolled_out: { tone: 'ok', glyph: '✔', words: 'Rolled out' },
};
