import { Link } from 'wouter';
import type { Change, Flag, KillSwitch, RolloutDocument } from '../../documents.ts';
import { useChanges, useEnvironments, useFlags, useRollouts, useSwitches } from '../../live/queries.ts';
import { Ago } from '../../ui/ago.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { Glyph } from '../../ui/glyph.tsx';
import { Loading, Notice, ProblemNote } from '../../ui/notice.tsx';
import { Card, Mono, Page, Section } from '../../ui/page.tsx';
import { ChangeRow } from '../audit/change-row.tsx';
import { actorName } from '../audit/words.ts';
import { effectOf } from '../emergency/effect.ts';
import { RolloutStrip } from '../rollouts/rollout-strip.tsx';
import { isLive, needsPerson } from '../rollouts/state.ts';
import { FirstSteps } from './first-steps.tsx';

const RECENT_MS = 24 * 3_600_000;
const RECENT_CHANGES = 8;
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
  const flags = useFlags({ search: '', lifecycle: 'active' });
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
  const items = flags.data?.pages[0]?.items ?? [];
  const isNew = !loading && failed === undefined && items.length === 0 && (rollouts.data ?? []).length === 0;

  return (
    <Page title="Overview" about={loading ? ' ' : <Headline fired={fired} live={live} failed={recentlyFailed} />}>
      {failed === undefined ? null : (
        <ProblemNote error={failed.error} onRetry={() => failed.refetch()} className="mb-6" />
      )}
      {loading && failed === undefined ? <Loading rows={6} /> : null}
      {fired.length > 0 ? <Fired switches={fired} /> : null}
      {live.length > 0 ? (
        <Section title="Rolling out now">
          <div className="space-y-2">
            {live.map((rollout) => (
              <RolloutStrip key={rollout.key} rollout={rollout} />
            ))}
          </div>
        </Section>
      ) : null}
      {recentlyFailed.length > 0 ? (
        <Section title="Taken back in the last day">
          <div className="space-y-2">
            {recentlyFailed.map((rollout) => (
              <RolloutStrip key={rollout.key} rollout={rollout} />
            ))}
          </div>
        </Section>
      ) : null}
      {isNew ? <FirstSteps /> : null}
      {!loading && items.length > 0 ? (
        <Counts
          flags={items}
          more={flags.hasNextPage}
          protectedKeys={(environments.data ?? []).filter((item) => item.protected).map((item) => item.key)}
        />
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

function Counts({
  flags,
  more,
  protectedKeys,
}: {
  flags: readonly Flag[];
  more: boolean;
  protectedKeys: readonly string[];
}) {
  const on = flags.filter((flag) => protectedKeys.some((key) => flag.environments[key]?.enabled === true)).length;
  const numbers = [
    { name: 'Active flags', value: `${flags.length}${more ? '+' : ''}`, href: '/flags' },
    {
      name: `On in ${protectedKeys.join(', ') || 'protected environments'}`,
      value: `${on}${more ? '+' : ''}`,
      href: '/flags',
    },
  ];
  return (
    <Section title="Flags">
      <dl className="grid grid-cols-2 gap-2 sm:max-w-md">
        {numbers.map((number) => (
          <Card key={number.name} className="px-4 py-3">
            <dt className="text-muted text-xs">{number.name}</dt>
            <dd>
              <Link href={number.href} className="numbers font-semibold text-xl hover:text-accent">
                {number.value}
              </Link>
            </dd>
          </Card>
        ))}
      </dl>
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
