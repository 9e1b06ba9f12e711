import { type ReactNode, useRef } from 'react';
import { Link } from 'wouter';
import type { Environment, ListedFlag } from '../../documents.ts';
import { useSwitches } from '../../live/queries.ts';
import { Badge, EnvironmentName, type Tone } from '../../ui/badge.tsx';
import type { Sign } from '../../ui/glyph.tsx';
import { Card, Mono } from '../../ui/page.tsx';
import { EnvironmentSwitch } from './environment-switch.tsx';
import { STALE_WORDS, type Standing, standingOf } from './flag-standing.ts';
import type { Filter } from './list-query.ts';
import { useRowNavigation } from './row-navigation.ts';

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
  const list = useRef<HTMLDivElement>(null);
  useRowNavigation(list);
  return (
    <Card className={fading ? 'opacity-60' : ''}>
      <div ref={list}>
        <div className="hidden overflow-x-auto md:block">
          <table className="w-full text-left">
            <thead>
              <tr className="border-line border-b text-muted text-xs">
                <Heading className="px-4">Flag</Heading>
                <Heading>Type</Heading>
                <Heading>Owner</Heading>
                <Heading>Status</Heading>
                {environments.map((environment) => (
                  <Heading key={environment.key} className="w-28 px-3 text-center">
                    <EnvironmentName name={environment.key} isProtected={environment.protected} />
                  </Heading>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {flags.map((flag) => (
                <tr key={flag.key} data-row-of={flag.key} className="focus-within:bg-surface hover:bg-surface">
                  <th scope="row" className="max-w-96 px-4 py-2 font-normal">
                    <FlagName flag={flag} onNarrow={onNarrow} />
                  </th>
                  <td className="px-3 text-muted">{flag.type}</td>
                  <td className="max-w-40 truncate px-3 text-muted">
                    {flag.owner === '' ? (
                      '–'
                    ) : (
                      <button
                        type="button"
                        title={`Only those of ${flag.owner}`}
                        className="hover:text-accent hover:underline"
                        onClick={() => onNarrow({ owner: flag.owner })}
                      >
                        {flag.owner}
                      </button>
                    )}
                  </td>
                  <td className="px-3">
                    <FlagStatus flag={flag} environments={environments} />
                  </td>
                  {environments.map((environment) => (
                    <td key={environment.key} className="px-3 text-center">
                      <EnvironmentSwitch flag={flag} environment={environment} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
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

function Heading({ children, className = 'px-3' }: { children: ReactNode; className?: string }) {
  return (
    <th scope="col" className={`h-9 font-medium ${className}`}>
      {children}
    </th>
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
