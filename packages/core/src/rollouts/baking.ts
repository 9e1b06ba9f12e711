import { check, firstCheckAt, stageReading } from './checking.ts';
import { climb } from './climbing.ts';
import { keepRunning } from './instances.ts';
import type { Baking } from './rollout.ts';
import { because, type StageMove, type StageView, tellDuration, vitality } from './stage-view.ts';
import {
  confirmed,
  isConfirmed,
  repairDrift,
  routerAgrees,
  sameShares,
  servableShares,
  shift,
  stepShares,
  tellShares,
} from './traffic.ts';

/** One step under way. What speaks against the new version is looked at first, what speaks for it last. */
export function bake(view: StageView, phase: Baking): StageMove | undefined {
  return (
    crashed(view) ??
    unconfirmedTooLong(view, phase) ??
    confirmStep(view, phase) ??
    serveFromWhatLives(view, phase) ??
    repairDrift(view) ??
    check(view, phase) ??
    keepRunning(view, view.plan.version) ??
    climb(view, phase)
  );
}

/** Nobody waits for a check when every instance of the new version has failed. */
function crashed(view: StageView): StageMove | undefined {
  const { version } = view.plan;
  if (vitality(view.seen, version.name) !== 'failing') return undefined;
  const summary = `No instance of ${version.name} is healthy any more.`;
  return { state: view.state, failed: true, because: because(view, 'instances_failed', summary) };
}

function unconfirmedTooLong(view: StageView, phase: Baking): StageMove | undefined {
  const { progress_deadline_ms: deadline } = view.plan.strategy;
  if (phase.confirmed_at_ms !== undefined || view.now - phase.since_ms < deadline || routerAgrees(view)) {
    return undefined;
  }
  const summary = `The router did not confirm the shares of step ${phase.step + 1} within ${tellDuration(deadline)}.`;
  return { state: view.state, failed: true, because: because(view, 'deadline_passed', summary) };
}

/** Bake time counts from when the router first applies the step. */
function confirmStep(view: StageView, phase: Baking): StageMove | undefined {
  const { traffic } = view.state;
  if (traffic === undefined || isConfirmed(view) || !routerAgrees(view)) return undefined;
  const state = confirmed(view, traffic);
  const summary = `The router applies ${tellShares(traffic.shares)}.`;
  const told = because(view, 'traffic_confirmed', summary);
  if (phase.confirmed_at_ms !== undefined) return { state, because: told };
  const { metrics } = view.seen;
  const baking: Baking = {
    ...phase,
    confirmed_at_ms: view.now,
    next_check_at_ms: firstCheckAt(view, phase.step),
    ...(metrics === 'unknown' ? {} : { reading: stageReading(view, metrics) }),
  };
  return { state: { ...state, phase: baking }, because: told };
}

/**
 * The version that has most of the traffic has failed altogether while the new one lives: its users are served by what there
 * is, until one of its instances is healthy again. The step itself does not change.
 */
function serveFromWhatLives(view: StageView, phase: Baking): StageMove | undefined {
  const { plan, seen, state: before } = view;
  const { baseline, traffic } = before;
  if (baseline === undefined || traffic === undefined) return undefined;
  const asked = stepShares(plan, baseline, phase.step);
  const rerouted = (traffic.shares[baseline] ?? 0) !== (asked[baseline] ?? 0);
  const old = vitality(seen, baseline);
  if (rerouted && old === 'healthy') {
    const { state, effect } = shift(view, before, asked);
    const summary = `${baseline} is healthy again: back to ${tellShares(asked)}.`;
    return { state, effects: [effect], because: because(view, 'rerouted', summary) };
  }
  const servable = servableShares(view, phase.step);
  if (rerouted || sameShares(servable, traffic.shares)) return undefined;
  const { state, effect } = shift(view, before, servable);
  const summary = `No instance of ${baseline} is healthy; its users are served by ${plan.version.name} until one is.`;
  return { state, effects: [effect], because: because(view, 'rerouted', summary) };
}
