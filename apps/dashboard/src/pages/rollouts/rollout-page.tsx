import { lazy, Suspense, useState } from 'react';
import { Link } from 'wouter';
import { problemOf } from '../../api.ts';
import type { Change, RolloutDocument } from '../../documents.ts';
import { useEnvironments } from '../../live/queries.ts';
import { Boundary } from '../../shell/boundary.tsx';
import { Ago } from '../../ui/ago.tsx';
import { Badge, EnvironmentName } from '../../ui/badge.tsx';
import { Empty, Loading, Notice, ProblemNote } from '../../ui/notice.tsx';
import { Card, Mono, Page } from '../../ui/page.tsx';
import { ActionBar } from './action-bar.tsx';
import { becauseOf } from './because.ts';
import { Findings } from './findings.tsx';
import { Instances } from './instances.tsx';
import { useRollout, useRolloutHistory, useServiceStatus } from './live-rollout.ts';
import { awaited, currentStage, isLive, STATUS, type Stage, stagesOf } from './state.ts';
import { StepList } from './step-list.tsx';
import { Timeline } from './timeline.tsx';
import { TrafficSplit } from './traffic-split.tsx';

const HealthPlots = lazy(async () => ({ default: (await import('./health-plots.tsx')).HealthPlots }));

export function RolloutPage({ rolloutKey }: { rolloutKey: string }) {
  const rollout = useRollout(rolloutKey);
  if (rollout.isPending) {
    return (
      <Page title={rolloutKey} heading={<Mono>{rolloutKey}</Mono>} wide>
        <Loading rows={10} label="Loading rollout" />
      </Page>
    );
  }
  if (rollout.data === undefined) {
    return (
      <Page title={rolloutKey} heading={<Mono>{rolloutKey}</Mono>}>
        {problemOf(rollout.error).status === 404 ? (
          <Empty
            title="There is no such rollout"
            action={
              <Link href="/rollouts" className="text-accent underline">
                All rollouts
              </Link>
            }
          />
        ) : (
          <ProblemNote error={rollout.error} onRetry={() => rollout.refetch()} />
        )}
      </Page>
    );
  }
  return <LoadedRollout rollout={rollout.data} />;
}

function LoadedRollout({ rollout }: { rollout: RolloutDocument }) {
  const environments = useEnvironments();
  const isProtected = environments.data?.find((item) => item.key === rollout.plan.environment)?.protected ?? false;
  const history = useRolloutHistory(rollout.key);
  const entries = history.data?.pages.flatMap((page) => page.items) ?? [];
  const [chosen, setChosen] = useState<string | undefined>();
  const stage = stagesOf(rollout).find(({ plan }) => plan.key === chosen) ?? currentStage(rollout);
  const status = STATUS[rollout.status];
  const live = isLive(rollout.status);
  const waiting = awaited(rollout);
  return (
    <>
      <Page
        title={`${status.glyph} ${rollout.key}`}
        wide
        heading={
          <span className="flex flex-wrap items-center gap-3">
            <Mono>{rollout.key}</Mono>
            <Badge tone={status.tone} glyph={status.glyph}>
              {status.word}
            </Badge>
          </span>
        }
        about={
          <span className="flex flex-wrap items-center gap-x-3">
            <EnvironmentName name={rollout.plan.environment} isProtected={isProtected} />
            <span>
              started <Ago at={rollout.started_at_ms} />
            </span>
            {rollout.ended_at_ms === undefined ? null : (
              <span>
                ended <Ago at={rollout.ended_at_ms} />
              </span>
            )}
            {rollout.plan.description === '' ? null : <span>{rollout.plan.description}</span>}
          </span>
        }
      >
        <div aria-live="polite" className="[&:not(:empty)]:mb-4">
          {waiting === undefined ? null : <Notice tone="warn" title={waiting} />}
          {rollout.conclusion === undefined ? null : (
            <Notice
              tone={rollout.status === 'succeeded' ? 'ok' : rollout.status === 'progressing' ? 'info' : 'bad'}
              title={rollout.conclusion}
            />
          )}
        </div>
        {stage === undefined ? (
          <Empty title="This rollout has no stages" />
        ) : (
          <div className="rollout-grid">
            <Card className="px-4 py-3 [grid-area:steps]">
              <StepList rollout={rollout} entries={entries} shown={stage.plan.key} onShow={setChosen} />
            </Card>
            <StageView rollout={rollout} stage={stage} live={live} history={history} entries={entries} />
          </div>
        )}
      </Page>
      {live ? <ActionBar rollout={rollout} isProtected={isProtected} /> : null}
    </>
  );
}

function StageView({
  rollout,
  stage,
  live,
  history,
  entries,
}: {
  rollout: RolloutDocument;
  stage: Stage;
  live: boolean;
  history: ReturnType<typeof useRolloutHistory>;
  entries: readonly Change[];
}) {
  const status = useServiceStatus(rollout.plan.environment, stage.plan.service, live);
  const judged = entries
    .map((entry) => ({ entry, because: becauseOf(entry) }))
    .find(
      ({ because }) =>
        because !== undefined && because.findings.length > 0 && (because.stage ?? stage.plan.key) === stage.plan.key,
    );
  return (
    <>
      <div className="min-w-0 space-y-4 [grid-area:now]">
        <TrafficSplit stage={stage} status={status.data} live={live} />
        {status.isError ? <ProblemNote error={status.error} onRetry={() => status.refetch()} /> : null}
        {status.data === undefined ? null : <Instances stage={stage} status={status.data} />}
      </div>
      <div className="min-w-0 [grid-area:plots]">
        <Boundary>
          <Suspense fallback={<Loading rows={6} label="Loading plots" />}>
            <HealthPlots stage={stage} series={status.data?.series ?? []} />
          </Suspense>
        </Boundary>
      </div>
      <div className="min-w-0 space-y-4 [grid-area:why]">
        <Findings because={judged?.because} at={judged?.entry.at_ms} stage={stage} />
        <Timeline history={history} entries={entries} cause={rollout.failure?.cause} />
      </div>
    </>
  );
}
