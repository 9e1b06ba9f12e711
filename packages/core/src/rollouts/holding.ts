import { type Draft, tell, viewOf, withMove } from './draft.ts';
import type { Observation } from './observation.ts';
import type { Hold, StageState } from './rollout.ts';
import { because, type StageMove, type StageView, vitality } from './stage-view.ts';
import { allTo, shift, stepShares, tellShares } from './traffic.ts';

/** An active kill switch that covers a service holds the rollout until a person resumes it, also after it is released. */
export function obeySwitches(draft: Draft, observation: Observation, now: number): Draft {
  const { rollout } = draft;
  const [first, ...others] = observation.active_switches;
  if (first === undefined || rollout.failure !== undefined) return draft;
  if (rollout.hold?.by === 'person' || rollout.hold?.by === 'switch') return draft;
  const names = [first, ...others].join(', ');
  const reason = `Kill ${others.length === 0 ? 'switch' : 'switches'} ${names} active; exposure stays as it is until a person resumes.`;
  const hold: Hold = { by: 'switch', reason, since_ms: now };
  const held = tell(draft, { ...rollout, hold }, { decision: 'held', summary: reason });
  return retreatUnconfirmed(held, observation, now);
}

/** A share that was decided but not yet applied must not come after the switch: such a stage takes its last step back. */
function retreatUnconfirmed(draft: Draft, observation: Observation, now: number): Draft {
  let next = draft;
  for (const plan of draft.rollout.plan.stages) {
    const state = next.rollout.stages.find((stage) => stage.key === plan.key);
    const view = state && viewOf(next, plan, state, observation, now);
    const move = view && retreat(view);
    if (move) next = withMove(next, plan, move);
  }
  return next;
}

function retreat(view: StageView): StageMove | undefined {
  const { state: before, plan, now } = view;
  const { phase, baseline } = before;
  if (baseline === undefined) return undefined;
  const onlyNewLives =
    vitality(view.seen, baseline) === 'failing' && vitality(view.seen, plan.version.name) === 'healthy';
  if (onlyNewLives) return undefined;
  const back = (shares: Readonly<Record<string, number>>, to: StageState['phase']): StageMove => {
    const { state, effect } = shift(view, before, shares);
    const summary = `The step had not been applied yet; back to ${tellShares(shares)}.`;
    return { state: { ...state, phase: to }, effects: [effect], because: because(view, 'step_withdrawn', summary) };
  };
  const baking = (step: number): StageState['phase'] => ({
    is: 'baking',
    step,
    since_ms: now,
    next_check_at_ms: now,
    passes: 0,
  });
  if (phase.is === 'completing' && before.traffic?.confirmed_at_ms === undefined && view.seen.live === baseline) {
    const last = plan.strategy.steps.length - 1;
    return back(stepShares(plan, baseline, last), baking(last));
  }
  if (phase.is !== 'baking' || phase.confirmed_at_ms !== undefined) return undefined;
  return phase.step === 0
    ? back(allTo(baseline), { is: 'preparing', since_ms: now })
    : back(stepShares(plan, baseline, phase.step - 1), baking(phase.step - 1));
}
