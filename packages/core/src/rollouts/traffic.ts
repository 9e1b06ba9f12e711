import type { StagePlan } from './plan.ts';
import type { StageState, StageTraffic } from './rollout.ts';
import { askFor, because, isPending, type StageMove, type StageView, vitality } from './stage-view.ts';

export type Shares = Readonly<Record<string, number>>;

/** All traffic of a service. Shares are integers, so that they sum exactly. */
export const FULL_SHARE = 100_000;

/** Shares that someone else keeps changing are set again at most this often. */
export const REPAIR_INTERVAL_MS = 1_000;

export function allTo(version: string): Shares {
  return { [version]: FULL_SHARE };
}

/** What a step asks for. Without a version to share with, the new one has everything. */
export function stepShares(plan: StagePlan, baseline: string | undefined, step: number): Shares {
  const share = Math.round((plan.strategy.steps[step]?.percentage ?? 100) * (FULL_SHARE / 100));
  if (baseline === undefined || share >= FULL_SHARE) return allTo(plan.version.name);
  return { [baseline]: FULL_SHARE - share, [plan.version.name]: share };
}

/**
 * The step's shares, unless the old version has failed altogether and the new one is healthy: then its users too are served by
 * what there is.
 */
export function servableShares(view: StageView, step: number): Shares {
  const { plan, state, seen } = view;
  const asked = stepShares(plan, state.baseline, step);
  if (state.baseline === undefined || vitality(seen, state.baseline) !== 'failing') return asked;
  return vitality(seen, plan.version.name) === 'healthy' ? allTo(plan.version.name) : asked;
}

/** Equal but for versions whose share is zero. */
export function sameShares(a: Shares, b: Shares): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => (a[name] ?? 0) === (b[name] ?? 0));
}

export function tellShares(shares: Shares): string {
  const parts = Object.entries(shares)
    .filter(([, share]) => share > 0)
    .map(([version, share]) => `${version} ${share / (FULL_SHARE / 100)} %`);
  return parts.length === 0 ? 'no version' : parts.join(', ');
}

/** The stage with new shares asked for, to be confirmed by the router. */
export function shift(view: StageView, state: StageState, shares: Shares, repairs = 0) {
  const asked = askFor(view, state, { kind: 'shift_traffic', shares });
  const traffic: StageTraffic = { shares, sent_at_ms: view.now, repairs };
  return { state: { ...asked.state, traffic }, effect: asked.effect };
}

/** The router says that it applies what was asked for last. */
export function isConfirmed(view: StageView): boolean {
  return view.state.traffic?.confirmed_at_ms !== undefined;
}

export function routerAgrees(view: StageView): boolean {
  const { traffic } = view.state;
  return traffic !== undefined && view.seen.shares !== 'unknown' && sameShares(view.seen.shares, traffic.shares);
}

/** The stage with its shares confirmed now. */
export function confirmed(view: StageView, traffic: StageTraffic): StageState {
  return { ...view.state, traffic: { ...traffic, confirmed_at_ms: view.now } };
}

/** Someone else moved the weights, or the router lost them: what was decided is set again, never taken from the router. */
export function repairDrift(view: StageView): StageMove | undefined {
  const { traffic } = view.state;
  const { shares } = view.seen;
  if (traffic === undefined || shares === 'unknown' || isPending(view, 'shift_traffic')) return undefined;
  if (sameShares(shares, traffic.shares) || view.now - traffic.sent_at_ms < REPAIR_INTERVAL_MS) return undefined;
  const { state, effect } = shift(view, view.state, traffic.shares, traffic.repairs + 1);
  const summary = `The router applies ${tellShares(shares)} instead of ${tellShares(traffic.shares)}; set again (repair ${traffic.repairs + 1}).`;
  return { state, effects: [effect], because: because(view, 'drift_repaired', summary) };
}
