import { Link } from 'wouter';
import type { Change, KillSwitch, RolloutDocument } from '../../documents.ts';
import { preferredEnvironment } from '../../live/preferred-environment.ts';
import { useChanges, useEnvironments, useFlagCount, useRollouts, useSwitches } from '../../live/queries.ts';
import { Ago } from '../../ui/ago.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { Glyph } from '../../ui/glyph.tsx';
import { Loading, Notice, ProblemNote } from '../../ui/notice.tsx';
import { Card, Mono, Page, Section } from '../../ui/page.tsx';
import { ChangeRow } from '../audit/change-row.tsx';
import { actorName } from '../audit/words.ts';
import { effectOf } from '../emergency/effect.ts';
import { RolloutSection } from '../rollouts/rollout-section.tsx';
import { isLive, needsPerson } from '../rollouts/state.ts';
import { FirstSteps } from './first-steps.tsx';
import { FlagCounts } from './flag-counts.tsx';

const RECENT_MS = 24 * 3_600_000;
const RECENT_CHANGES = 8;
/** Flags that a new installation starts with. */
const SAMPLES = 1;
/** Read so many that enough are left without the controllers' routine. */
const READ_CHANGES = 60;
const NEWS: ReadonlySet<string> = new Set([
  'rollout.succeeded',
  'rollout.rolled_back',
  'rollout.failed',
  'rollout.held',
]);

/** Is anything wrong, and what is moving? */
export function OverviewPage() {
  const switches = useSwitches();
  const rollouts = useRollouts();
  const flags = useFlagCount();
  const environments = useEnvironments();
  const changes = useChanges('', '', READ_CHANGES);
  const failed = [switches, rollouts, flags, environments, changes].find(
    (query) => query.isError && query.data === undefined,
  );
  const loading = switches.isPending || rollouts.isPending || flags.isPending;
  const fired = (switches.data ?? []).filter((item) => item.state.is === 'triggered');
  const live = (rollouts.data ?? []).filter((rollout) => isLive(rollout.status));
  const recentlyFailed = (rollouts.data ?? []).filter(
    (rollout) =>
      (rollout.status === 'failed' || rollout.status === 'rolled_back') &&
      Date.now() - (rollout.ended_at_ms ?? 0) < RECENT_MS,
  );
  const isNew = !loading && failed === undefined && (flags.data ?? 0) <= SAMPLES && (rollouts.data ?? []).length === 0;

  return (
    <Page title="Overview" about={loading ? ' ' : <Headline fired={fired} live={live} failed={recentlyFailed} />}>
      {failed === undefined ? null : (
        <ProblemNote error={failed.error} onRetry={() => failed.refetch()} className="mb-6" />
      )}
      {loading && failed === undefined ? <Loading rows={6} /> : null}
      {fired.length > 0 ? <Fired switches={fired} /> : null}
      <RolloutSection title="Rolling out now" rollouts={live} />
      <RolloutSection title="Taken back in the last day" rollouts={recentlyFailed} />
      {isNew ? <FirstSteps /> : null}
      {!loading && flags.data !== undefined && flags.data > 0 ? (
        <FlagCounts active={flags.data} environment={preferredEnvironment(environments.data ?? [])} />
      ) : null}
      {changes.data === undefined ? null : <Recent changes={changes.data.pages[0]?.items ?? []} />}
    </Page>
  );
}

function Headline({
  fired,
  live,
  failed,
}: {
  fired: readonly KillSwitch[];
  live: readonly RolloutDocument[];
  failed: readonly RolloutDocument[];
}) {
  const waiting = live.filter(needsPerson);
  if (fired.length > 0) {
    return (
      <span className="font-medium text-bad">
        <Glyph sign="✖" /> {counted(fired.length, 'kill switch is', 'kill switches are')} fired.
      </span>
    );
  }
  if (waiting.length > 0) {
    return (
      <span className="font-medium text-warn">
        <Glyph sign="⚠" /> {counted(waiting.length, 'rollout waits', 'rollouts wait')} for someone.
      </span>
    );
  }
  if (live.length > 0)
    return <span>{counted(live.length, 'rollout is', 'rollouts are')} under way, nothing is wrong.</span>;
  if (failed.length > 0)
    return <span>Nothing is moving. {counted(failed.length, 'rollout was', 'rollouts were')} taken back today.</span>;
  return (
    <span>
      <Glyph sign="✔" className="text-ok" /> All calm: no kill switch is fired, nothing is rolling out.
    </span>
  );
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function Fired({ switches }: { switches: readonly KillSwitch[] }) {
  return (
    <Section
      title="Fired kill switches"
      action={
        <a href="/emergency" className={buttonClass()}>
          Emergency page
        </a>
      }
    >
      <div className="space-y-2">
        {switches.map((item) =>
          item.state.is === 'triggered' ? (
            <Notice key={item.key} tone="bad" title={<Mono>{item.key}</Mono>}>
              {effectOf(item)} Fired by {actorName(item.state.activated.actor)} <Ago at={item.state.activated.at_ms} />:
              “{item.state.activated.reason}”
            </Notice>
          ) : null,
        )}
      </div>
    </Section>
  );
}

function Recent({ changes: all }: { changes: readonly Change[] }) {
  const changes = all
    .filter((change) => change.actor !== 'system' || change.noun !== 'rollouts' || NEWS.has(change.action))
    .slice(0, RECENT_CHANGES);
  if (changes.length === 0) return null;
  return (
    <Section
      title="Recent changes"
      action={
        <Link href="/audit" className={buttonClass('quiet')}>
          All changes
        </Link>
      }
    >
      <Card>
        <ol className="divide-y divide-line">
          {changes.map((change) => (
            <ChangeRow key={change.seq} change={change} />
          ))}
        </ol>
      </Card>
    </Section>
  );
}
