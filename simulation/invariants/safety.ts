import type { Instance, Route } from '@spillway/control';
import type { Because, Effect, Rollout, StageState } from '@spillway/core';
import type { SeenWrite } from '../world/store.ts';

/** Says which safety property of the design a world broke. */
export class Broken extends Error {}

function must(holds: boolean, property: string, details: object): void {
  if (!holds) throw new Broken(`${property}: ${JSON.stringify(details)}`);
}

type Shares = Readonly<Record<string, number>>;
type Shift = Extract<Effect, { kind: 'shift_traffic' }>;

export interface SafetyDeps {
  /** What a replica saw of a service in its last looks: what it decided on. */
  readonly lastSeen: (
    replica: string,
    service: string,
  ) => { readonly instances?: readonly Instance[]; readonly route?: Route };
}

/** One rollout's change from one version of its document to the next. */
interface Change {
  readonly old: Rollout;
  readonly now: Rollout;
  /** Decisions that were told with it. */
  readonly told: readonly string[];
  /** Effects that it asks for. */
  readonly asked: readonly Effect[];
  readonly actor: string;
}

/** Watches every write and every route for what must never happen. */
export function watchSafety({ lastSeen }: SafetyDeps) {
  const newestFencing = new Map<string, number>();
  const leaseHolder = new Map<string, string>();
  const recorded = new Set<string>();
  /** Effects that send traffic where there is capacity, or keep it there: all that may name the new version on the way back. */
  const rerouting = new Set<string>();

  function onWrite({ commit, write, before }: SeenWrite): void {
    if (write.noun !== 'rollouts') return;
    const now = write.after as unknown as Rollout;
    const old = before === undefined ? undefined : (before.body as unknown as Rollout);
    for (const effect of now.pending) if (effect.kind === 'shift_traffic') checkSum(now, effect);
    if (old === undefined || old.generation !== now.generation) return;
    const known = new Set(old.pending.map((effect) => effect.id));
    const asked = now.pending.filter((effect) => !known.has(effect.id));
    const told = decisionsOf(write.because as unknown as Told);
    const change: Change = { old, now, told, asked, actor: commit.actor };
    if (told.includes('rerouted') || told.includes('drift_repaired'))
      for (const effect of asked) rerouting.add(effect.id);
    for (const stage of now.stages) checkExposure(change, stage);
    checkPending(now);
    if (commit.actor !== 'system') return;
    must(commit.fence !== undefined, 'A driver writes under its lease', { action: write.action });
    const { lease = '', fencing = 0 } = commit.fence ?? {};
    must(fencing >= (newestFencing.get(lease) ?? 0), 'Two replicas never act for one generation', { lease, fencing });
    newestFencing.set(lease, fencing);
    checkAgainstSight(change, leaseHolder.get(lease) ?? '');
  }

  function checkSum(rollout: Rollout, effect: Shift): void {
    const sum = Object.values(effect.shares).reduce((total, share) => total + share, 0);
    must(sum === 100_000, 'Shares sum to 100 %', { effect });
    recorded.add(keyOf(placeOf(rollout, effect), effect.shares));
  }

  /** Nothing that was decided on the way up is left to be performed once the way is back. */
  function checkPending(now: Rollout): void {
    if (now.failure === undefined) return;
    for (const effect of now.pending) {
      const { canary, phase } = stageOf(now, effect);
      if (effect.kind !== 'shift_traffic' || phase !== 'returning' || rerouting.has(effect.id)) continue;
      must((effect.shares[canary] ?? 0) === 0, 'After an abort no step raises exposure', {
        effect,
        cause: now.failure,
      });
    }
  }

  /** The replica decided on what it had last seen. */
  function checkAgainstSight({ now, asked, told }: Change, replica: string): void {
    for (const effect of asked) {
      const { instances, route } = lastSeen(replica, placeOf(now, effect));
      const { canary, baseline } = stageOf(now, effect);
      if (effect.kind === 'shift_traffic' && instances !== undefined && !told.includes('drift_repaired')) {
        checkHealth(effect, instances, [canary, baseline ?? canary]);
      }
      if (effect.kind !== 'stop_version' || route === undefined || baseline === undefined) continue;
      const share = route.versions.find((each) => each.version === effect.version)?.share ?? 0;
      must(share === 0, 'A version is stopped only when nothing is sent to it', { effect, route });
    }
  }

  function checkHealth(effect: Shift, seen: readonly Instance[], versions: readonly string[]): void {
    const healthy = (version: string) => seen.some((each) => each.version === version && each.state === 'healthy');
    const failing = (version: string) =>
      !healthy(version) && seen.some((each) => each.version === version && each.state === 'backing_off');
    const sentTo = Object.keys(effect.shares).filter((version) => (effect.shares[version] ?? 0) > 0);
    const property = 'Traffic never goes to a version without a healthy instance while another has one';
    must(!versions.some(healthy) || !sentTo.some(failing), property, { effect, seen });
  }

  return {
    onWrite,
    /** Tells whose lease it is, so that a commit can be held against what that replica saw. */
    onLease: (lease: string, replica: string) => void leaseHolder.set(lease, replica),
    onApply(route: Route): void {
      const sum = route.versions.reduce((total, each) => total + each.share, 0);
      must(sum === 100_000, 'Shares sum to 100 %', { route });
      const addressed = route.versions.every((each) => each.share === 0 || each.urls.length > 0);
      must(addressed, 'A share has an address', { route });
      const shares = Object.fromEntries(route.versions.map((each) => [each.version, each.share]));
      const known = route.versions.length === 1 || recorded.has(keyOf(route.service, shares));
      must(known, 'An effect is recorded before it is performed', { route });
    },
  };
}

/** Held or turned back, exposure rises for one reason only: the other version has nothing left to answer with. */
function checkExposure({ old, now, told, actor }: Change, stage: StageState): void {
  const canary = now.plan.stages.find((each) => each.key === stage.key)?.version.name ?? '';
  const was = old.stages.find((each) => each.key === stage.key)?.traffic?.shares[canary] ?? 0;
  const is = stage.traffic?.shares[canary] ?? 0;
  if (is <= was || told.includes('rerouted')) return;
  must(actor === 'system', 'Only a driver moves traffic', { stage });
  must(old.failure === undefined, 'After an abort no step raises exposure', { was, is, told, cause: old.failure });
  const held = old.hold?.by === 'person' || old.hold?.by === 'switch';
  must(!held, 'While held no step raises exposure', { was, is, told, hold: old.hold });
}

function stageOf(rollout: Rollout, effect: Effect) {
  const plan = rollout.plan.stages.find((each) =>
    effect.id.startsWith(`${rollout.key}/${rollout.generation}/${each.key}/`),
  );
  const state = rollout.stages.find((each) => each.key === plan?.key);
  return { canary: plan?.version.name ?? '', baseline: state?.baseline, phase: state?.phase.is };
}

function placeOf(rollout: Rollout, effect: Effect): string {
  return `${rollout.plan.environment}/${effect.service}`;
}

type Told = (Because & { readonly decisions?: readonly Because[] }) | null;

function decisionsOf(told: Told): readonly string[] {
  return (told?.decisions ?? (told === null ? [] : [told])).map((each) => each.decision);
}

function keyOf(service: string, shares: Shares): string {
  const sorted = Object.entries(shares).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${service} ${JSON.stringify(sorted)}`;
}
