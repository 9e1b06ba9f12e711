import { useRollouts } from '../../live/queries.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Empty, Loading, ProblemNote } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { RolloutSection } from './rollout-section.tsx';
import { isLive } from './state.ts';

export function RolloutsPage() {
  const rollouts = useRollouts();
  const live = (rollouts.data ?? []).filter((rollout) => isLive(rollout.status));
  const ended = (rollouts.data ?? [])
    .filter((rollout) => !isLive(rollout.status))
    .sort((a, b) => (b.ended_at_ms ?? 0) - (a.ended_at_ms ?? 0));
  return (
    <Page title="Rollouts" about="New versions, a share of the traffic at a time, judged on the way.">
      {rollouts.isError ? (
        <ProblemNote error={rollouts.error} onRetry={() => rollouts.refetch()} className="mb-4" />
      ) : null}
      {rollouts.isPending ? <Loading rows={6} label="Loading rollouts" /> : null}
      {rollouts.data?.length === 0 ? (
        <Empty
          title="Nothing has been rolled out yet"
          action={<CodeBlock label="Start a rollout" text="npx spillway rollout apply rollout.yaml" />}
        >
          A rollout is a file: the new version, its steps, and what would take it back. Applied from the command line or
          the API, it is watched here.
        </Empty>
      ) : null}
      <RolloutSection title="Under way" rollouts={live} />
      <RolloutSection title="Ended" rollouts={ended} />
    </Page>
  );
}
