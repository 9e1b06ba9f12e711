import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Archive, Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { ask, problemOf } from '../../api.ts';
import type { Environment, Flag } from '../../documents.ts';
import { useEnvironments, useFlag } from '../../live/queries.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, ReasonField } from '../../ui/field.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Empty, Loading, Notice, ProblemNote } from '../../ui/notice.tsx';
import { Mono, Page } from '../../ui/page.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { toast } from '../../ui/toast.tsx';
import { useParameter } from '../../ui/url.ts';
import { EnvironmentTabs } from './environment-tabs.tsx';

const Targeting = lazy(async () => ({ default: (await import('./targeting.tsx')).Targeting }));
const FlagPlayground = lazy(async () => ({
  default: (await import('../playground/flag-playground.tsx')).FlagPlayground,
}));
const ActivityTab = lazy(async () => ({ default: (await import('./activity-tab.tsx')).ActivityTab }));
const CodeTab = lazy(async () => ({ default: (await import('./code-tab.tsx')).CodeTab }));
const DetailsDialog = lazy(async () => ({ default: (await import('./details-dialog.tsx')).DetailsDialog }));

export function FlagPage({ flagKey }: { flagKey: string }) {
  const flag = useFlag(flagKey);
  const environments = useEnvironments();
  if (flag.isPending || environments.isPending) {
    return (
      <Page title={flagKey} heading={<Mono>{flagKey}</Mono>}>
        <Loading rows={8} />
      </Page>
    );
  }
  if (flag.data === undefined || environments.data === undefined) {
    const missing = flag.isError && problemOf(flag.error).status === 404;
    return (
      <Page title={flagKey} heading={<Mono>{flagKey}</Mono>}>
        {missing ? (
          <Empty
            title="There is no such flag"
            action={
              <Link href="/flags" className="text-accent underline">
                All flags
              </Link>
            }
          >
            It may have been deleted; the audit log keeps what it was.
          </Empty>
        ) : (
          <ProblemNote error={flag.error ?? environments.error} onRetry={() => flag.refetch()} />
        )}
      </Page>
    );
  }
  return (
    <LoadedFlag
      flag={flag.data}
      environments={environments.data}
      gone={flag.isError && problemOf(flag.error).status === 404}
    />
  );
}

function LoadedFlag({ flag, environments, gone }: { flag: Flag; environments: readonly Environment[]; gone: boolean }) {
  const preferred = environments.find((environment) => environment.protected) ?? environments[0];
  const [chosen, setChosen] = useParameter('env', preferred?.key ?? '');
  const [tab, setTab] = useParameter('tab', 'targeting');
  const environment = environments.find((candidate) => candidate.key === chosen) ?? preferred;
  if (environment === undefined) {
    return (
      <Page title={flag.key}>
        <Empty title="No environments">A flag needs at least one environment; create one in the settings.</Empty>
      </Page>
    );
  }
  const switcher = (
    <EnvironmentTabs flag={flag} environments={environments} chosen={environment} onChange={setChosen} />
  );
  return (
    <Page
      title={flag.key}
      heading={<Mono>{flag.key}</Mono>}
      about={<About flag={flag} />}
      actions={<FlagMenu flag={flag} environments={environments} />}
    >
      {gone ? (
        <Notice tone="bad" title="This flag was just deleted" className="mb-4">
          What you see is its last state.
        </Notice>
      ) : null}
      {flag.lifecycle === 'archived' ? (
        <Notice tone="warn" title="Archived" className="mb-4">
          Nobody is offered this flag for new code; it still answers as configured until it is deleted.
        </Notice>
      ) : null}
      <Suspense fallback={<Loading rows={6} />}>
        <Tabs
          label="Flag"
          value={tab}
          onChange={setTab}
          tabs={[
            {
              id: 'targeting',
              label: 'Targeting',
              content: () => (
                <>
                  {switcher}
                  <Targeting key={environment.key} flag={flag} environment={environment} />
                </>
              ),
            },
            {
              id: 'playground',
              label: 'Playground',
              content: () => (
                <>
                  {switcher}
                  <FlagPlayground flag={flag} environment={environment} environments={environments} />
                </>
              ),
            },
            {
              id: 'activity',
              label: 'Activity',
              content: () => <ActivityTab flag={flag} environments={environments} />,
            },
            { id: 'code', label: 'Code', content: () => <CodeTab flag={flag} /> },
          ]}
        />
      </Suspense>
    </Page>
  );
}

function About({ flag }: { flag: Flag }) {
  return (
    <div className="space-y-1">
      {flag.description === '' ? null : <p>{flag.description}</p>}
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs">
        <span>{flag.type}</span>
        <span>version {flag.version}</span>
        {flag.owner === '' ? null : <span>owned by {flag.owner}</span>}
        {flag.tags.map((tag) => (
          <Badge key={tag}>{tag}</Badge>
        ))}
        {flag.services.length === 0 ? null : <span>stops with: {flag.services.join(', ')}</span>}
      </p>
    </div>
  );
}

function FlagMenu({ flag, environments }: { flag: Flag; environments: readonly Environment[] }) {
  const [asking, setAsking] = useState<'archive' | 'delete' | 'details' | undefined>();
  const close = () => setAsking(undefined);
  return (
    <>
      <Button onClick={() => setAsking('details')}>
        <Pencil className="size-4" aria-hidden="true" /> Details
      </Button>
      <Menu
        trigger={
          <IconButton label="More actions" className="border border-line">
            <Ellipsis />
          </IconButton>
        }
        items={[
          {
            label: 'Archive',
            icon: <Archive />,
            disabled: flag.lifecycle === 'archived',
            run: () => setAsking('archive'),
          },
          { label: 'Delete', icon: <Trash2 />, danger: true, run: () => setAsking('delete') },
        ]}
      />
      {asking === 'details' ? (
        <Suspense>
          <DetailsDialog flag={flag} environments={environments} onClose={close} />
        </Suspense>
      ) : asking === undefined ? null : (
        <EndDialog flag={flag} how={asking} onClose={close} />
      )}
    </>
  );
}

function EndDialog({ flag, how, onClose }: { flag: Flag; how: 'archive' | 'delete'; onClose: () => void }) {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const end = useMutation({
    mutationFn: async () => {
      if (how === 'archive') {
        await ask('archiveFlag', {
          params: { key: flag.key },
          body: reason === '' ? {} : { reason },
          ifMatch: flag.version,
        });
      } else {
        await ask('deleteFlag', {
          params: { key: flag.key },
          query: reason === '' ? {} : { reason },
          ifMatch: flag.version,
        });
      }
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['flags'] });
      toast('ok', `${flag.key} is ${how === 'archive' ? 'archived' : 'deleted'}`);
      onClose();
      if (how === 'delete') navigate('/flags');
    },
  });
  const word = how === 'archive' ? 'Archive' : 'Delete';
  const blocked = reason.trim() === '' || (how === 'delete' && typed !== flag.key);
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${word} ${flag.key}?`}
      description={
        how === 'archive'
          ? 'It leaves the list. Code that still asks for it keeps getting its configured answer.'
          : 'Code that still asks for it gets its own default value from then on. The log keeps what it was.'
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look={how === 'delete' ? 'danger' : 'primary'}
            disabled={blocked}
            busy={end.isPending}
            onClick={() => end.mutate()}
          >
            {word}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <ReasonField value={reason} onChange={setReason} required autoFocus />
        {how === 'delete' ? (
          <Field label={`Type ${flag.key} to delete it`}>
            {(control) => (
              <Input
                {...control}
                className="font-mono"
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
          </Field>
        ) : null}
        {end.isError ? <ProblemNote error={end.error} /> : null}
      </div>
    </Dialog>
  );
}
