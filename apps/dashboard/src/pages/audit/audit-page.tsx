import { useMutation } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import { useEffect, useState } from 'react';
import { ask } from '../../api.ts';
import type { Change } from '../../documents.ts';
import { Button } from '../../ui/button.tsx';
import { Input, Select } from '../../ui/field.tsx';
import { Notice, ProblemNote } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { useSettled } from '../../ui/settled.ts';
import { useParameter } from '../../ui/url.ts';
import { ChangeFeed } from './change-feed.tsx';
import { nounWord } from './words.ts';

const NOUNS = [
  'flags',
  'switches',
  'rollouts',
  'services',
  'environments',
  'access',
] as const satisfies Change['noun'][];

export function AuditPage() {
  const [noun, setNoun] = useParameter('noun');
  const [key, setKey] = useParameter('key');
  const [typed, setTyped] = useState(key);
  const settled = useSettled(typed.trim(), 250);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address follows what was typed, once typing pauses
  useEffect(() => setKey(settled), [settled]);
  const verify = useMutation({ mutationFn: () => ask('verifyChanges', {}) });
  const chosen = NOUNS.find((candidate) => candidate === noun) ?? '';

  return (
    <Page
      title="Audit"
      about="Every change, who made it and why. Entries are chained by hash, so that none can be altered unseen."
      actions={
        <Button busy={verify.isPending} onClick={() => verify.mutate()}>
          <ShieldCheck className="size-4" aria-hidden="true" /> Verify chain
        </Button>
      }
    >
      <div aria-live="polite" className="empty:hidden [&:not(:empty)]:mb-4">
        {verify.isError ? <ProblemNote error={verify.error} /> : null}
        {verify.data?.is === 'intact' ? (
          <Notice tone="ok" title={`Intact: ${verify.data.entries.toLocaleString()} entries re-checked`}>
            The newest hash is <code className="break-all font-mono text-xs">{verify.data.head}</code>
          </Notice>
        ) : null}
        {verify.data?.is === 'broken' ? (
          <Notice tone="bad" title={`Broken at entry ${verify.data.seq}`}>
            {verify.data.problem} Keep the database file as it is and compare it with a backup.
          </Notice>
        ) : null}
      </div>
      <div className="mb-3 flex flex-wrap gap-2">
        <Select aria-label="Kind" className="w-44!" value={chosen} onChange={(event) => setNoun(event.target.value)}>
          <option value="">Everything</option>
          {NOUNS.map((option) => (
            <option key={option} value={option}>
              {nounWord(option)}
            </option>
          ))}
        </Select>
        <Input
          type="search"
          data-search=""
          aria-label="Exact key"
          placeholder="Exact key, e.g. checkout-v2"
          className="w-full! font-mono sm:w-72!"
          value={typed}
          maxLength={257}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <ChangeFeed noun={chosen} objectKey={settled} />
    </Page>
  );
}
