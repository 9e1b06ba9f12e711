import { useRef } from 'react';
import { Link } from 'wouter';
import type { Environment, ListedFlag } from '../../../documents.ts';
import { useSwitches } from '../../../live/queries.ts';
import { Badge, EnvironmentName, type Tone } from '../../../ui/badge.tsx';
import type { Sign } from '../../../ui/glyph.tsx';
import { Card, Mono } from '../../../ui/page.tsx';
import { useRowNavigation } from '../../../ui/row-navigation.ts';
import { type Column, Table, TableCell, TableRow } from '../../../ui/table.tsx';
import { useWidth } from '../../../ui/width.ts';
import { EnvironmentSwitch } from '../environment-switch.tsx';
import { STALE_WORDS, type Standing, standingOf } from '../flag-standing.ts';
import { ActivityCell } from '../usage/activity-cell.tsx';
import { useActivity } from '../usage/queries.ts';
import type { Filter } from './list-query.ts';
import { OtherEnvironments } from './other-environments.tsx';
import { type Room, roomIn } from './room.ts';
import { type Division, divide } from './shown-environments.ts';

type Narrow = (filter: Partial<Record<Filter, string>>) => void;

const MAX_TAGS = 3;

/** A row per flag with a switch per environment, as many as there is room for; where there is little, the same as cards. */
export function FlagTable(given: ListProps & { /** What is shown is of the question before. */ fading: boolean }) {
  const list = useRef<HTMLDivElement>(null);
  const width = useWidth(list);
  useRowNavigation(list);
  return (
    <Card className={given.fading ? 'opacity-60' : ''}>
      <div ref={list}>{width === undefined ? null : <Fitted {...given} width={width} />}</div>
    </Card>
  );
}

interface ListProps {
  readonly flags: readonly ListedFlag[];
  readonly environments: readonly Environment[];
  /** Keys of those that somebody wants to see; none when nobody said. */
  readonly wanted: readonly string[];
  readonly onNarrow: Narrow;
}

function Fitted({ width, wanted, ...list }: ListProps & { width: number }) {
  const room = roomIn(width, list.environments.length);
  const division = divide(list.environments, wanted, room.environments);
  return room.layout === 'cards' ? <Cards {...list} {...division} /> : <Rows {...list} {...division} room={room} />;
}

type Laid = Omit<ListProps, 'wanted'> & Division;

function Rows({ flags, environments, shown, others, room, onNarrow }: Laid & { room: Room }) {
  const activity = useActivity(flags.map(({ key }) => key));
  const columns: readonly Column[] = [
    { id: 'flag', name: 'Flag' },
    ...(room.type ? [{ id: 'type', name: 'Type', className: 'w-[84px]' }] : []),
    ...(room.owner ? [{ id: 'owner', name: 'Owner', className: 'w-[132px]' }] : []),
    { id: 'status', name: 'Status', className: 'w-[112px]' },
    ...(room.activity ? [{ id: 'activity', name: 'Last 7 days', className: 'w-[124px]' }] : []),
    ...shown.map((environment) => ({
      id: `in ${environment.key}`,
      name: <EnvironmentColumn environment={environment} />,
      align: 'center' as const,
      className: ENVIRONMENT_COLUMN,
    })),
    ...(others.length === 0
      ? []
      : [{ id: 'others', name: 'Others on', align: 'center' as const, className: ENVIRONMENT_COLUMN }]),
  ];
  return (
    <Table label="Flags" className={FITTED} columns={columns}>
      {flags.map((flag) => (
        <TableRow key={flag.key} of={flag.key} heading={<FlagName flag={flag} onNarrow={onNarrow} />}>
          {room.type ? <TableCell className="text-muted">{flag.type}</TableCell> : null}
          {room.owner ? (
            <TableCell className="text-muted">
              <Owner owner={flag.owner} onNarrow={onNarrow} />
            </TableCell>
          ) : null}
          <TableCell>
            <FlagStatus flag={flag} environments={environments} />
          </TableCell>
          {room.activity ? (
            <TableCell className="text-muted">
              <ActivityCell activity={activity[flag.key]} />
            </TableCell>
          ) : null}
          {shown.map((environment) => (
            <TableCell key={environment.key} align="center" className="px-1!">
              <EnvironmentSwitch flag={flag} environment={environment} />
            </TableCell>
          ))}
          {others.length === 0 ? null : (
            <TableCell align="center" className="px-1!">
              <OtherEnvironments flag={flag} environments={others} />
            </TableCell>
          )}
        </TableRow>
      ))}
    </Table>
  );
}

/** It is never wider than its place, so it need not scroll by itself, and its head can stay above the rows. */
const FITTED =
  'overflow-visible! [&>table]:table-fixed [&_thead_th]:sticky [&_thead_th]:top-14 [&_thead_th]:z-10 [&_thead_th]:bg-raised [&_thead_th]:shadow-[inset_0_-1px_var(--color-line)] [&_thead_th:first-child]:rounded-tl-lg [&_thead_th:last-child]:rounded-tr-lg md:[&_thead_th]:top-0';

const ENVIRONMENT_COLUMN = 'w-[100px] px-1!';

/** Long names break at their hyphens and end after two lines; the whole name shows where a pointer rests. */
function EnvironmentColumn({ environment }: { environment: Environment }) {
  return (
    <span
      title={environment.key}
      className="inline-block max-h-8 max-w-full overflow-hidden text-left align-middle wrap-anywhere leading-4"
    >
      <EnvironmentName name={environment.key} isProtected={environment.protected} />
    </span>
  );
}

function Cards({ flags, environments, shown, others, onNarrow }: Laid) {
  return (
    <ul className="divide-y divide-line">
      {flags.map((flag) => (
        <li key={flag.key} data-row-of={flag.key} className="px-4 py-3">
          <div className="flex items-start gap-3">
            <div className="min-w-0 flex-1">
              <FlagName flag={flag} onNarrow={onNarrow} />
            </div>
            <FlagStatus flag={flag} environments={environments} />
          </div>
          <div className="mt-1 flex gap-1">
            {shown.map((environment) => (
              <div
                key={environment.key}
                className="flex min-w-0 flex-1 flex-col items-center text-center text-2xs text-muted"
              >
                <EnvironmentSwitch flag={flag} environment={environment} />
                <EnvironmentColumn environment={environment} />
              </div>
            ))}
            {others.length === 0 ? null : (
              <div className="flex min-w-0 flex-1 flex-col items-center text-2xs text-muted">
                <OtherEnvironments flag={flag} environments={others} />
                others on
              </div>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

function Owner({ owner, onNarrow }: { owner: string; onNarrow: Narrow }) {
  return owner === '' ? (
    '–'
  ) : (
    <button
      type="button"
      title={`Only those of ${owner}`}
      className="block max-w-full truncate hover:text-accent hover:underline"
      onClick={() => onNarrow({ owner })}
    >
      {owner}
    </button>
  );
}

function FlagName({ flag, onNarrow }: { flag: ListedFlag; onNarrow: Narrow }) {
  return (
    <div className="@container">
      <Link
        href={`/flags/${encodeURIComponent(flag.key)}`}
        data-row=""
        className="font-medium hover:text-accent hover:underline"
      >
        <Mono>{flag.key}</Mono>
      </Link>
      <div className="flex min-w-0 flex-wrap items-center gap-x-1.5 text-muted text-xs @sm:flex-nowrap">
        {flag.description === '' ? null : <span className="max-w-full truncate">{flag.description}</span>}
        {flag.tags.slice(0, MAX_TAGS).map((tag) => (
          <button
            key={tag}
            type="button"
            title={`Only those tagged ${tag}`}
            className="max-w-36 shrink-0 truncate rounded-sm bg-sunken px-1 text-2xs hover:text-accent"
            onClick={() => onNarrow({ tag })}
          >
            {tag}
          </button>
        ))}
        {flag.tags.length > MAX_TAGS ? (
          <span className="shrink-0 text-2xs" title={flag.tags.slice(MAX_TAGS).join(', ')}>
            +{flag.tags.length - MAX_TAGS}
          </span>
        ) : null}
      </div>
    </div>
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
