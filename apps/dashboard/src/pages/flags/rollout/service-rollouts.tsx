import type { Environment, Flag, RolloutDocument } from '../../../documents.ts';
import { useRollouts } from '../../../live/queries.ts';
import { Loading, ProblemNote } from '../../../ui/notice.tsx';
import { Section } from '../../../ui/page.tsx';
import { RolloutActions } from '../../rollouts/action-bar.tsx';
import { RolloutStrip } from '../../rollouts/rollout-strip.tsx';
import { isLive } from '../../rollouts/state.ts';

/** Enough to see what was released lately; all of them are a page of their own. */
const ENDED = 3;

/** Releases of the services that this flag names: they change what it is served beside, and a switch of theirs stops both. */
export function ServiceRollouts({ flag, environment }: { flag: Flag; environment: Environment }) {
  const rollouts = useRollouts();
  if (flag.services.length === 0) {
    return (
      <Section title="Releases of its services">
        <p className="text-muted">
          This flag names no service. Name those it belongs to under Details: their releases are shown here, and their
          kill switches turn it off with them.
        </p>
      </Section>
    );
  }
  const own = (rollouts.data ?? []).filter((rollout) => concerns(rollout, flag, environment));
  const live = own.filter(({ status }) => isLive(status));
  const ended = own
    .filter(({ status }) => !isLive(status))
    .toSorted((a, b) => (b.ended_at_ms ?? 0) - (a.ended_at_ms ?? 0))
    .slice(0, ENDED);
  return (
    <Section title={`Releases of ${flag.services.join(', ')} in ${environment.key}`}>
      {rollouts.isError ? (
        <ProblemNote error={rollouts.error} onRetry={() => rollouts.refetch()} className="mb-3" />
      ) : null}
      {rollouts.isPending ? <Loading rows={2} label="Loading rollouts" /> : null}
      {rollouts.data !== undefined && own.length === 0 ? (
        <p className="text-muted">None yet, neither under way nor ended.</p>
      ) : null}
      <ul className="space-y-2">
        {live.map((rollout) => (
          <li key={rollout.key}>
            <RolloutStrip rollout={rollout} />
            <div className="px-4 py-2">
              <RolloutActions
                rollout={rollout}
                isProtected={environment.protected}
                label={`Actions of ${rollout.key}`}
              />
            </div>
          </li>
        ))}
        {ended.map((rollout) => (
          <li key={rollout.key}>
            <RolloutStrip rollout={rollout} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function concerns({ plan }: RolloutDocument, flag: Flag, environment: Environment): boolean {
  return plan.environment === environment.key && plan.stages.some(({ service }) => flag.services.includes(service));
}
