import { lazy, Suspense, useState } from 'react';
import { Link } from 'wouter';
import { problemOf } from '../../api.ts';
import type { Environment, Flag } from '../../documents.ts';
import { preferredEnvironment } from '../../live/preferred-environment.ts';
import { useEnvironments, useFlag } from '../../live/queries.ts';
import { Badge } from '../../ui/badge.tsx';
import { LeaveGuard } from '../../ui/leave-guard.tsx';
import { Empty, Loading, Notice, ProblemNote } from '../../ui/notice.tsx';
import { Mono, Page } from '../../ui/page.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { useParameter } from '../../ui/url.ts';
import { EnvironmentTabs } from './environment-tabs.tsx';
import { LastEvaluated, StaleNotice } from './usage/standing-notes.tsx';

const TargetingTab = lazy(async () => ({ default: (await import('./targeting-tab.tsx')).TargetingTab }));
const FlagPlayground = lazy(async () => ({
  default: (await import('../playground/flag-playground.tsx')).FlagPlayground,
}));
const RolloutTab = lazy(async () => ({ default: (await import('./rollout/rollout-tab.tsx')).RolloutTab }));
const ActivityTab = lazy(async () => ({ default: (await import('./activity-tab.tsx')).ActivityTab }));
const CodeTab = lazy(async () => ({ default: (await import('./code-tab.tsx')).CodeTab }));
const UsageTab = lazy(async () => ({ default: (await import('./usage/usage-tab.tsx')).UsageTab }));
const FlagMenu = lazy(async () => ({ default: (await import('./flag-menu.tsx')).FlagMenu }));

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
  const preferred = preferredEnvironment(environments);
  const [chosen, setChosen] = useParameter('env', preferred?.key ?? '');
  const [tab, setTab] = useParameter('tab', 'targeting');
  const [unsaved, setUnsaved] = useState<ReadonlySet<string>>(new Set());
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
      actions={
        <Suspense>
          <FlagMenu flag={flag} environments={environments} />
        </Suspense>
      }
    >
      {gone ? (
        <Notice tone="bad" title="This flag was just deleted" className="mb-4">
          What you see is its last state.
        </Notice>
      ) : null}
      {flag.lifecycle === 'archived' ? (
        <Notice tone="warn" title="Archived" className="mb-4">
          Code that still asks for it gets its own default value. A version restored under Activity brings it back.
        </Notice>
      ) : null}
      <StaleNotice flag={flag} />
      <LeaveGuard unsaved={[...unsaved].toSorted()} />
      <Suspense fallback={<Loading rows={6} />}>
        <Tabs
          label="Flag"
          value={tab}
          onChange={setTab}
          tabs={[
            {
              id: 'targeting',
              label: 'Targeting',
              isKept: unsaved.size > 0,
              content: () => (
                <TargetingTab
                  flag={flag}
                  environments={environments}
                  chosen={environment}
                  onChoose={setChosen}
                  unsaved={unsaved}
                  onUnsaved={setUnsaved}
                />
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
              id: 'rollout',
              label: 'Rollout',
              content: () => (
                <>
                  {switcher}
                  <RolloutTab key={environment.key} flag={flag} environment={environment} />
                </>
              ),
            },
            {
              id: 'usage',
              label: 'Usage',
              content: () => <UsageTab flag={flag} environments={environments} />,
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
        <LastEvaluated flag={flag} />
        {flag.owner === '' ? null : <span>owned by {flag.owner}</span>}
        {flag.tags.map((tag) => (
          <Badge key={tag}>{tag}</Badge>
        ))}
        {flag.services.length === 0 ? null : <span>stops with: {flag.services.join(', ')}</span>}
      </p>
    </div>
  );
}
