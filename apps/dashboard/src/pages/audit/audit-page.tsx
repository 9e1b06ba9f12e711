import { useQuery } from '@tanstack/react-query';
import { Download, ShieldCheck } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { ask } from '../../api.ts';
import { useEnvironments } from '../../live/queries.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Input, Select } from '../../ui/field.tsx';
import { Notice, ProblemNote } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { useSettled } from '../../ui/settled.ts';
import { useParameter } from '../../ui/url.ts';
import { AuditFeed } from './change-feed.tsx';
import { filterOf, NOUNS } from './filter.ts';
import { exportAddress } from './queries.ts';
import { nounWord } from './words.ts';

export function AuditPage() {
  const [noun, setNoun] = useParameter('noun');
  const [key, typedKey, setKey] = useTyped('key');
  const [actor, typedActor, setActor] = useTyped('actor');
  const [search, typedSearch, setSearch] = useTyped('q');
  const [environment, setEnvironment] = useParameter('env');
  const [from, setFrom] = useParameter('from');
  const [to, setTo] = useParameter('to');
  const filter = filterOf({ noun, key, actor, environment, search, from, to });
  const isNarrowed = Object.keys(filter).length > 0;
  const clear = () => {
    for (const set of [setNoun, setEnvironment, setFrom, setTo]) set('');
    for (const set of [setKey, setActor, setSearch]) set('');
  };
  return (
    <Page
      title="Audit"
      about="Every change, who made it and why. Entries are chained by hash, so that none can be altered unseen."
      actions={(['csv', 'jsonl'] as const).map((format) => (
        <a key={format} href={exportAddress(filter, format)} download className={buttonClass()}>
          <Download className="size-4" aria-hidden="true" /> {format === 'csv' ? 'CSV' : 'JSON lines'}
        </a>
      ))}
    >
      <Chain />
      <search className="mb-3 grid grid-cols-2 gap-2 sm:flex sm:flex-wrap sm:items-end">
        <Input
          type="search"
          data-search=""
          aria-label="Words"
          placeholder="Words: a reason, a value…"
          className="col-span-2 sm:w-64!"
          value={typedSearch}
          maxLength={256}
          onChange={(event) => setSearch(event.target.value)}
        />
        <Select
          aria-label="Kind"
          className="sm:w-40!"
          value={NOUNS.some((known) => known === noun) ? noun : ''}
          onChange={(event) => setNoun(event.target.value)}
        >
          <option value="">Everything</option>
          {NOUNS.map((option) => (
            <option key={option} value={option}>
              {nounWord(option)}
            </option>
          ))}
        </Select>
        <Input
          type="search"
          aria-label="Who"
          placeholder="Who, e.g. ann"
          className="sm:w-36!"
          value={typedActor}
          maxLength={256}
          onChange={(event) => setActor(event.target.value)}
        />
        <Input
          type="search"
          aria-label="Exact key"
          placeholder="Exact key, e.g. checkout-v2"
          className="col-span-2 font-mono sm:w-56!"
          value={typedKey}
          maxLength={257}
          onChange={(event) => setKey(event.target.value)}
        />
        <EnvironmentFilter value={environment} onChange={setEnvironment} />
        <Day word="From" value={from} onChange={setFrom} max={to} />
        <Day word="To" value={to} onChange={setTo} min={from} />
        {isNarrowed ? (
          <Button look="quiet" onClick={clear}>
            Clear filters
          </Button>
        ) : null}
      </search>
      <AuditFeed filter={filter} />
    </Page>
  );
}

/** One that is gone may still be asked about: its changes are in the log. */
function EnvironmentFilter({ value, onChange }: { value: string; onChange: (key: string) => void }) {
  const known = (useEnvironments().data ?? []).map(({ key }) => key);
  return (
    <Select
      aria-label="Environment"
      className="col-span-2 sm:w-44!"
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">Any environment</option>
      {[...new Set([...known, ...(value === '' ? [] : [value])])].map((key) => (
        <option key={key}>{key}</option>
      ))}
    </Select>
  );
}

/** Re-checking reads the whole log, so an answer stands for a while; on request it is asked at once. */
const VERIFIED_FOR_MS = 300_000;

/** Whether the log is whole. */
function Chain() {
  const verify = useQuery({
    queryKey: ['verification'],
    queryFn: ({ signal }) => ask('verifyChanges', { signal }),
    staleTime: VERIFIED_FOR_MS,
    refetchOnWindowFocus: false,
  });
  return (
    <div aria-live="polite" className="mb-4">
      {verify.isError ? <ProblemNote error={verify.error} onRetry={() => verify.refetch()} /> : null}
      {verify.data?.is === 'broken' ? (
        <Notice tone="bad" title={`Broken at entry ${verify.data.seq}`}>
          {verify.data.problem} Keep the database file as it is and compare it with a backup.
        </Notice>
      ) : null}
      {verify.data?.is === 'broken' || (verify.isError && verify.data === undefined) ? null : (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted text-xs">
          {verify.data === undefined ? (
            <Badge glyph="◌">Checking the chain…</Badge>
          ) : (
            <>
              <Badge tone="ok" glyph="✔">
                Chain verified
              </Badge>
              <span className="numbers">{verify.data.entries.toLocaleString('en')} entries re-checked</span>
              <span className="min-w-0 break-all">
                newest hash <code className="font-mono">{verify.data.head.slice(0, 16)}…</code>
              </span>
            </>
          )}
          <Button look="quiet" busy={verify.isFetching} onClick={() => verify.refetch()}>
            <ShieldCheck className="size-4" aria-hidden="true" /> Verify again
          </Button>
        </div>
      )}
    </div>
  );
}

function Day({
  word,
  value,
  onChange,
  ...limits
}: {
  word: string;
  value: string;
  onChange: (day: string) => void;
  min?: string;
  max?: string;
}) {
  const id = useId();
  return (
    <div className="flex items-center gap-1.5">
      <label htmlFor={id} className="text-muted text-xs">
        {word}
      </label>
      <Input
        id={id}
        type="date"
        className="min-w-0 flex-1 sm:w-34!"
        value={value}
        min={limits.min === '' ? undefined : limits.min}
        max={limits.max === '' ? undefined : limits.max}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}

/** A parameter of the address that follows what is typed once the typing pauses. */
function useTyped(name: string): readonly [string, string, (value: string) => void] {
  const [value, setValue] = useParameter(name);
  const [typed, setTyped] = useState(value);
  const settled = useSettled(typed.trim(), 250);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address follows what was typed, once typing pauses
  useEffect(() => setValue(settled), [settled]);
  return [settled, typed, setTyped];
}
