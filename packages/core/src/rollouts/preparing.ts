import { keepRunning } from './instances.ts';
import type { StageState } from './rollout.ts';
import { askFor, because, isReady, type StageMove, type StageView, tellDuration, tellHealth } from './stage-view.ts';
import { servableShares, shift, tellShares } from './traffic.ts';

/** Starts the new version, with no traffic yet, once the stages this one depends on have succeeded. */
export function begin(view: StageView): StageMove | undefined {
  const { plan, seen, now } = view;
  const states = new Map(view.rollout.stages.map((stage) => [stage.key, stage.phase.is]));
  if (view.held || plan.dependencies.some((key) => states.get(key) !== 'succeeded')) return undefined;
  if (seen.live === plan.version.name) {
    const summary = `${plan.version.name} is already live for ${plan.service}: nothing to do.`;
    const state: StageState = { ...view.state, phase: { is: 'succeeded', at_ms: now } };
    return { state, because: because(view, 'stage_succeeded', summary) };
  }
  const starting: StageState = {
    ...view.state,
    ...(seen.live === undefined ? {} : { baseline: seen.live }),
    phase: { is: 'preparing', since_ms: now },
  };
  const { state, effect } = askFor(view, starting, { kind: 'run_version', version: plan.version });
  const beside = seen.live === undefined ? 'the first version of this service' : `beside ${seen.live}`;
  const summary = `Starting ${plan.version.name} of ${plan.service}, ${beside}, without traffic.`;
  return { state, effects: [effect], because: because(view, 'stage_started', summary) };
}

/** Waits for every instance to be healthy, then moves the first share of traffic. */
export function prepare(view: StageView, sinceMs: number): StageMove | undefined {
  if (isReady(view.seen, view.plan.version)) return view.held ? undefined : firstStep(view);
  const { progress_deadline_ms: deadline } = view.plan.strategy;
  if (view.seen.instances !== 'unknown' && view.now - sinceMs >= deadline) {
    const summary = `${view.plan.version.name} was not ready within ${tellDuration(deadline)}: ${tellHealth(view, view.plan.version)}.`;
    return { state: view.state, failed: true, because: because(view, 'deadline_passed', summary) };
  }
  return keepRunning(view, view.plan.version);
}

function firstStep(view: StageView): StageMove {
  const { plan, state: before, now } = view;
  const shares = servableShares(view, 0);
  const { state, effect } = shift(view, before, shares);
  if (before.baseline === undefined) {
    const summary = `${tellHealth(view, plan.version)}; no version to compare with, so ${plan.version.name} gets all traffic.`;
    return {
      state: { ...state, phase: { is: 'completing', since_ms: now } },
      effects: [effect],
      because: because(view, 'completing', summary),
    };
  }
  const summary = `${tellHealth(view, plan.version)}; step 1 of ${plan.strategy.steps.length}: ${tellShares(shares)}.`;
  return {
    state: { ...state, phase: { is: 'baking', step: 0, since_ms: now, next_check_at_ms: now, passes: 0 } },
    effects: [effect],
    because: because(view, 'step_started', summary, { step: 0 }),
  };
}
