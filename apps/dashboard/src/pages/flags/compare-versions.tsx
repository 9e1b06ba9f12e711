import { flagChanges } from '@spillway/core/wording';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../../api.ts';
import type { Flag } from '../../documents.ts';
import { keys } from '../../live/keys.ts';
import { Button } from '../../ui/button.tsx';
import { ChangeList } from '../../ui/change-list.tsx';
import { Input } from '../../ui/field.tsx';
import { Loading, Notice, ProblemNote } from '../../ui/notice.tsx';
import { Card } from '../../ui/page.tsx';

/** Any version; the log keeps all of them. */
export function useFlagVersion(flag: Flag, version: number) {
  return useQuery({
    queryKey: keys.flagVersion(flag.key, version),
    queryFn: ({ signal }) => ask('flagVersion', { params: { key: flag.key, version }, signal }),
    // A version never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function CompareVersions({ flag }: { flag: Flag }) {
  const [from, setFrom] = useState(flag.version - 1);
  const [to, setTo] = useState(flag.version);
  const [shown, setShown] = useState<{ from: number; to: number } | undefined>();
  const number = (label: string, value: number, set: (next: number) => void) => (
    <Input
      type="number"
      min={1}
      max={flag.version}
      aria-label={label}
      className="numbers w-20! text-right"
      value={value}
      onChange={(event) => set(Number(event.target.value))}
    />
  );
  const isPossible = [from, to].every((each) => Number.isInteger(each) && each >= 1 && each <= flag.version);
  return (
    <Card className="px-4 py-3">
      <form
        className="flex flex-wrap items-center gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (isPossible) setShown({ from, to });
        }}
      >
        <span className="text-muted">Compare version</span>
        {number('Earlier version', from, setFrom)}
        <span className="text-muted">with</span>
        {number('Later version', to, setTo)}
        <Button type="submit" disabled={!isPossible || from === to}>
          Compare
        </Button>
      </form>
      <div aria-live="polite">
        {shown === undefined ? null : <Difference key={`${shown.from} ${shown.to}`} flag={flag} {...shown} />}
      </div>
    </Card>
  );
}

function Difference({ flag, from, to }: { flag: Flag; from: number; to: number }) {
  const before = useFlagVersion(flag, from);
  const after = useFlagVersion(flag, to);
  const error = before.error ?? after.error;
  if (error !== null) return <ProblemNote error={error} className="mt-3" />;
  if (before.data === undefined || after.data === undefined) return <Loading rows={2} />;
  const changes = flagChanges(before.data, after.data);
  return (
    <div className="mt-3">
      {changes.length === 0 ? (
        <Notice tone="ok">
          Versions {from} and {to} are the same.
        </Notice>
      ) : (
        <ChangeList rows={changes} />
      )}
    </div>
  );
}
