import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { ask } from '../../api.ts';
import type { Environment, Token } from '../../documents.ts';
import { keys } from '../../live/keys.ts';
import { useTokens } from '../../live/queries.ts';
import { Ago } from '../../ui/ago.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { Empty, Loading, Notice, ProblemNote } from '../../ui/notice.tsx';
import { Card, Section } from '../../ui/page.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { fullTime } from '../../ui/time.ts';
import { toast } from '../../ui/toast.tsx';

const DAY_MS = 86_400_000;
const LIFETIMES = [
  { days: 0, name: 'Never' },
  { days: 1, name: 'In a day' },
  { days: 30, name: 'In 30 days' },
  { days: 90, name: 'In 90 days' },
  { days: 365, name: 'In a year' },
] as const;

const KINDS = [
  { id: 'sdk', label: 'SDK key' },
  { id: 'client', label: 'Client key' },
  { id: 'admin', label: 'Admin token' },
] as const;

const LABEL = { sdk: 'SDK', client: 'Client', admin: 'Admin' } as const;
const MAY = {
  sdk: 'Reads and evaluates in one environment. Keep it on servers.',
  client: 'Has flags evaluated in one environment. May be seen in a page.',
  admin: 'May do everything. Keep it on servers.',
} as const;

export function Tokens({ environments }: { environments: readonly Environment[] }) {
  const tokens = useTokens();
  const [issuing, setIssuing] = useState(false);
  const [revoking, setRevoking] = useState<Token | undefined>();
  return (
    <Section
      title="Tokens"
      action={
        <Button onClick={() => setIssuing(true)}>
          <Plus className="size-4" aria-hidden="true" /> Issue token
        </Button>
      }
    >
      {tokens.isError ? <ProblemNote error={tokens.error} onRetry={() => tokens.refetch()} /> : null}
      {tokens.isPending ? <Loading rows={3} /> : null}
      {tokens.data?.length === 0 ? (
        <Empty title="No tokens yet">Applications read their flags with an SDK key; scripts use an admin token.</Empty>
      ) : null}
      {tokens.data === undefined || tokens.data.length === 0 ? null : (
        <Card>
          <ul className="divide-y divide-line">
            {tokens.data.map((token) => (
              <li key={token.key} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
                <span className="min-w-0 flex-1 basis-40 break-words font-medium">{token.name}</span>
                <Badge tone={token.kind === 'admin' ? 'warn' : 'neutral'}>
                  {[LABEL[token.kind], token.environment].filter(Boolean).join(' · ')}
                </Badge>
                <span className="grow text-muted text-xs sm:w-64 sm:grow-0">
                  issued <Ago at={token.created_at_ms} />
                  {token.expires_at_ms === undefined
                    ? ', never expires'
                    : token.expires_at_ms < Date.now()
                      ? ', expired'
                      : `, until ${fullTime(token.expires_at_ms)}`}
                </span>
                <Button look="danger-outline" onClick={() => setRevoking(token)}>
                  Revoke<span className="sr-only"> {token.name}</span>
                </Button>
              </li>
            ))}
          </ul>
        </Card>
      )}
      {issuing ? <IssueDialog environments={environments} onClose={() => setIssuing(false)} /> : null}
      {revoking === undefined ? null : <RevokeDialog token={revoking} onClose={() => setRevoking(undefined)} />}
    </Section>
  );
}

function IssueDialog({ environments, onClose }: { environments: readonly Environment[]; onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [kind, setKind] = useState<(typeof KINDS)[number]['id']>('sdk');
  const [environment, setEnvironment] = useState(environments[0]?.key ?? '');
  const [days, setDays] = useState(0);
  const issue = useMutation({
    mutationFn: () =>
      ask('createToken', {
        body: {
          name,
          kind,
          ...(kind === 'admin' ? {} : { environment }),
          ...(days === 0 ? {} : { expires_in_ms: days * DAY_MS }),
        },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.tokens }),
  });
  if (issue.data !== undefined) {
    return (
      <Dialog
        open
        onClose={onClose}
        title={`${issue.data.name} is issued`}
        footer={
          <Button look="primary" onClick={onClose}>
            I have kept it
          </Button>
        }
      >
        <Notice tone="warn" title="Copy it now" className="mb-3">
          It is shown this once. Only its hash is stored, so nobody can read it again.
        </Notice>
        <CodeBlock label="Token" text={issue.data.secret} />
      </Dialog>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    issue.mutate();
  };
  return (
    <Dialog open onClose={onClose} title="Issue a token" width="max-w-md">
      <form className="space-y-4" onSubmit={submit}>
        <Field label="Name" hint="Who or what will use it.">
          {(control) => (
            <Input
              {...control}
              autoFocus
              required
              maxLength={128}
              placeholder="shop backend"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <div>
          <p className="mb-1 font-medium">Kind</p>
          <Segmented label="Kind" options={KINDS} value={kind} onChange={setKind} />
          <p className="mt-1 text-muted text-xs">{MAY[kind]}</p>
        </div>
        {kind !== 'admin' ? (
          <Field label="Environment">
            {(control) => (
              <Select {...control} value={environment} onChange={(event) => setEnvironment(event.target.value)}>
                {environments.map((item) => (
                  <option key={item.key}>{item.key}</option>
                ))}
              </Select>
            )}
          </Field>
        ) : null}
        <Field label="Expires">
          {(control) => (
            <Select {...control} value={days} onChange={(event) => setDays(Number(event.target.value))}>
              {LIFETIMES.map((lifetime) => (
                <option key={lifetime.days} value={lifetime.days}>
                  {lifetime.name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {issue.isError ? <ProblemNote error={issue.error} /> : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" busy={issue.isPending} disabled={name.trim() === ''}>
            Issue token
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function RevokeDialog({ token, onClose }: { token: Token; onClose: () => void }) {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => ask('revokeToken', { params: { key: token.key } }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: keys.tokens });
      toast('ok', `${token.name} is revoked`);
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Revoke ${token.name}?`}
      description="Whatever uses it is refused from this moment. It cannot be brought back."
      width="max-w-md"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" busy={revoke.isPending} onClick={() => revoke.mutate()}>
            Revoke token
          </Button>
        </>
      }
    >
      {revoke.isError ? <ProblemNote error={revoke.error} /> : null}
    </Dialog>
  );
}
