import { isDrained } from './draining.ts';
import { askFor, because, isPending, type StageMove, type StageView, tellDuration, vitality } from './stage-view.ts';
import { confirmed, isConfirmed, repairDrift, routerAgrees } from './traffic.ts';

type Completing = Extract<StageView['state']['phase'], { is: 'completing' }>;

/** All traffic goes to the new version: it becomes live when the router says so, then the old one is stopped. */
export function complete(view: StageView, phase: Completing): StageMove | undefined {
  return (
    crashed(view) ??
    unconfirmedTooLong(view, phase) ??
    goLive(view) ??
    repairDrift(view) ??
    stopOld(view, phase) ??
    succeed(view, phase)
  );
}

/** While the old version still runs there is somewhere to go back to. */
function crashed(view: StageView): StageMove | undefined {
  const { plan, seen, state } = view;
  if (state.baseline === undefined || vitality(seen, plan.version.name) !== 'failing') return undefined;
  if (vitality(seen, state.baseline) !== 'healthy') return undefined;
  const summary = `No instance of ${plan.version.name} is healthy any more, ${state.baseline} still is.`;
  return { state, failed: true, because: because(view, 'instances_failed', summary) };
}

function unconfirmedTooLong(view: StageView, phase: Completing): StageMove | undefined {
  const { progress_deadline_ms: deadline } = view.plan.strategy;
  const isLive = view.seen.live === view.plan.version.name;
  if (isLive || isConfirmed(view) || routerAgrees(view) || view.now - phase.since_ms < deadline) return undefined;
  const summary = `The router did not confirm all traffic on ${view.plan.version.name} within ${tellDuration(deadline)}.`;
  return { state: view.state, failed: true, because: because(view, 'deadline_passed', summary) };
}

function goLive(view: StageView): StageMove | undefined {
  const { traffic } = view.state;
  if (traffic === undefined || isConfirmed(view) || !routerAgrees(view)) return undefined;
  const { name } = view.plan.version;
  const summary = `The router sends all traffic of ${view.plan.service} to ${name}: it is live.`;
  return { state: confirmed(view, traffic), live: name, because: because(view, 'went_live', summary) };
}

/** Not while held: until the old version is stopped, going back is instant. */
function stopOld(view: StageView, phase: Completing): StageMove | undefined {
  const { baseline } = view.state;
  if (baseline === undefined || phase.stopping_since_ms !== undefined || view.held) return undefined;
  if (!isDrained(view, baseline)) return undefined;
  const { state, effect } = askFor(view, view.state, { kind: 'stop_version', version: baseline });
  return {
    state: { ...state, baseline_stopped: true, phase: { ...phase, stopping_since_ms: view.now } },
    effects: [effect],
    because: because(view, 'version_stopped', `${baseline} has no requests left and is stopped.`),
  };
}

function succeed(view: StageView, phase: Completing): StageMove | undefined {
  const { baseline } = view.state;
  const stopped = baseline === undefined || (phase.stopping_since_ms !== undefined && !isPending(view, 'stop_version'));
  if (!stopped || !isConfirmed(view)) return undefined;
  return {
    state: { ...view.state, phase: { is: 'succeeded', at_ms: view.now } },
    because: because(view, 'stage_succeeded', `${view.plan.version.name} is the only version of ${view.plan.service}.`),
  };
}
