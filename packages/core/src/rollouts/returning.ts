import { isDrained } from './draining.ts';
import { keepRunning } from './instances.ts';
import type { Returning } from './rollout.ts';
import { askFor, because, isPending, type StageMove, type StageView, vitality } from './stage-view.ts';
import {
  allTo,
  confirmed,
  isConfirmed,
  repairDrift,
  routerAgrees,
  type Shares,
  sameShares,
  shift,
  tellShares,
} from './traffic.ts';

/**
 * The way back is always open: traffic first, questions later. Neither an instance that is not ready nor metrics, router or
 * platform that cannot be seen keep it from being asked for; then the new version's share is verified to be 0 and it is stopped.
 */
export function goBack(view: StageView, phase: Returning): StageMove | undefined {
  return (
    moveTraffic(view) ??
    reviveOld(view) ??
    confirmBack(view) ??
    keepBack(view) ??
    stopNew(view, phase) ??
    finish(view, phase)
  );
}

/** Where traffic belongs on the way back; undefined: leave it where it is. */
function destination(view: StageView): Shares | undefined {
  const { baseline, baseline_stopped: stopped } = view.state;
  if (baseline === undefined) return undefined;
  const elsewhere = canServeMeanwhile(view) ? allTo(view.plan.version.name) : undefined;
  switch (vitality(view.seen, baseline)) {
    case 'healthy':
      return allTo(baseline);
    case 'failing':
      return elsewhere ?? allTo(baseline);
    case 'absent':
      return elsewhere;
    default:
      // Starting or unseen: it was serving all along unless this stage had stopped it.
      return stopped === true ? elsewhere : allTo(baseline);
  }
}

function canServeMeanwhile(view: StageView): boolean {
  const { phase } = view.state;
  const stopping = phase.is === 'returning' && phase.stopping_since_ms !== undefined;
  return !stopping && vitality(view.seen, view.plan.version.name) === 'healthy';
}

function moveTraffic(view: StageView): StageMove | undefined {
  const shares = destination(view);
  const { traffic, baseline } = view.state;
  if (shares === undefined || (traffic !== undefined && sameShares(traffic.shares, shares))) return undefined;
  const { state, effect } = shift(view, view.state, shares);
  const capacity = baseline !== undefined && (shares[baseline] ?? 0) === 0;
  const summary = capacity
    ? `${baseline} has no healthy instance to go back to; until it has, ${tellShares(shares)}, where there is capacity.`
    : `Traffic goes back: ${tellShares(shares)}.`;
  return { state, effects: [effect], because: because(view, capacity ? 'rerouted' : 'going_back', summary) };
}

/** A stage that had finished, or nearly, has stopped its old version: run again first, traffic follows when it is healthy. */
function reviveOld(view: StageView): StageMove | undefined {
  const { baseline } = view.state;
  const spec = baseline === undefined ? undefined : view.seen.versions[baseline];
  return spec === undefined ? undefined : keepRunning(view, spec);
}

function confirmBack(view: StageView): StageMove | undefined {
  const { traffic, baseline } = view.state;
  if (traffic === undefined || isConfirmed(view) || !routerAgrees(view)) return undefined;
  const state = confirmed(view, traffic);
  const back = baseline !== undefined && sameShares(traffic.shares, allTo(baseline));
  const summary = back
    ? `The router sends nothing to ${view.plan.version.name} any more (share 0), all to ${baseline}.`
    : `The router applies ${tellShares(traffic.shares)}.`;
  const live = back && view.seen.live !== baseline ? { live: baseline } : {};
  return { state, ...live, because: because(view, 'traffic_confirmed', summary) };
}

/** Weights that someone moved are set again, but never towards the new version unless it is all there is. */
function keepBack(view: StageView): StageMove | undefined {
  return destination(view) === undefined ? undefined : repairDrift(view);
}

function stopNew(view: StageView, phase: Returning): StageMove | undefined {
  if (phase.stopping_since_ms !== undefined || !mayStop(view)) return undefined;
  const { name } = view.plan.version;
  const { state, effect } = askFor(view, view.state, { kind: 'stop_version', version: name });
  const nothingBefore = view.state.baseline === undefined;
  const summary = nothingBefore
    ? `${name} is stopped; there was no version of ${view.plan.service} before it.`
    : `${name} has no requests left and is stopped.`;
  return {
    state: { ...state, phase: { ...phase, stopping_since_ms: view.now } },
    effects: [effect],
    ...(nothingBefore && view.seen.live === name ? { live: null } : {}),
    because: because(view, 'version_stopped', summary),
  };
}

function mayStop(view: StageView): boolean {
  const { baseline, traffic } = view.state;
  if (baseline === undefined) return true;
  const back = isConfirmed(view) && sameShares(traffic?.shares ?? {}, allTo(baseline));
  return back && isDrained(view, view.plan.version.name);
}

function finish(view: StageView, phase: Returning): StageMove | undefined {
  if (phase.stopping_since_ms === undefined || isPending(view, 'stop_version')) return undefined;
  const to =
    view.state.baseline === undefined ? 'nothing runs, as before' : `${view.state.baseline} serves all traffic`;
  return {
    state: { ...view.state, phase: { is: 'rolled_back', at_ms: view.now, cause: phase.cause } },
    because: because(view, 'stage_rolled_back', `${view.plan.service} is back: ${to}.`),
  };
}
