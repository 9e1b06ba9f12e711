import type { VersionSpec } from '../services/service.ts';
import type { Effect } from './effect.ts';
import type { InstanceCounts, ServiceObservation } from './observation.ts';
import type { StagePlan } from './plan.ts';
import type { Because, Rollout, StageState } from './rollout.ts';

/** Characters of a problem that a sentence takes up; the whole of it is in the service's status. */
const PROBLEM_MAX = 300;

/** Everything one stage's decision may rest on. */
export interface StageView {
  readonly rollout: Rollout;
  readonly plan: StagePlan;
  readonly state: StageState;
  readonly seen: ServiceObservation;
  /** This stage's effects that were recorded and are not known to be done. */
  readonly pending: readonly Effect[];
  /** A person or a switch holds the rollout: exposure must not rise. */
  readonly held: boolean;
  readonly now: number;
}

/** One decision of one stage. Phases answer with this, or undefined when there is nothing to decide yet. */
export interface StageMove {
  readonly state: StageState;
  readonly because: Because;
  readonly effects?: readonly Effect[];
  /** The version the service's document is to name as live; null: none. */
  readonly live?: string | null;
  /** The stage has failed: the whole rollout turns back. */
  readonly failed?: boolean;
}

export type NewEffect =
  | { readonly kind: 'run_version'; readonly version: VersionSpec }
  | { readonly kind: 'stop_version'; readonly version: string }
  | { readonly kind: 'shift_traffic'; readonly shares: Readonly<Record<string, number>> };

/** The stage with the effect's number taken, and the effect with its deterministic id. */
export function askFor(view: StageView, state: StageState, asked: NewEffect): { state: StageState; effect: Effect } {
  const number = state.effects + 1;
  const place = `${view.rollout.key}/${view.rollout.generation}/${state.key}`;
  const base = { id: `${place}/${number}`, service: view.plan.service };
  const counted = { ...state, effects: number };
  switch (asked.kind) {
    case 'run_version':
      return { state: { ...counted, ran_at_ms: view.now }, effect: { ...base, ...asked } };
    case 'stop_version':
      return { state: counted, effect: { ...base, ...asked } };
    case 'shift_traffic':
      return { state: counted, effect: { ...base, ...asked, seed: place } };
  }
}

export function isPending(view: StageView, kind: Effect['kind']): boolean {
  return view.pending.some((effect) => effect.kind === kind);
}

/** The sentence of a decision, filed under its stage and, while a step is under way, its step. */
export function because(view: StageView, decision: string, summary: string, more: Partial<Because> = {}): Because {
  const { phase } = view.state;
  return { decision, summary, stage: view.state.key, ...(phase.is === 'baking' ? { step: phase.step } : {}), ...more };
}

export type Vitality = 'healthy' | 'failing' | 'coming' | 'absent' | 'unknown';

/** `coming` is wanted and starting, `absent` is not wanted at all: neither has shown a fault. */
export function vitality(seen: ServiceObservation, version: string): Vitality {
  if (seen.instances === 'unknown') return 'unknown';
  const counts = seen.instances[version];
  if (counts === undefined || counts.desired === 0) return 'absent';
  if (counts.healthy > 0) return 'healthy';
  return counts.failing > 0 ? 'failing' : 'coming';
}

/** Every wanted instance is healthy: this version can carry more. */
export function isReady(seen: ServiceObservation, version: VersionSpec): boolean {
  const counts = countsOf(seen, version.name);
  return counts !== undefined && counts.healthy >= Math.max(version.instances, 1);
}

export function countsOf(seen: ServiceObservation, version: string): InstanceCounts | undefined {
  return seen.instances === 'unknown' ? undefined : seen.instances[version];
}

/** For sentences: `2 of 3 instances healthy (Command not found: nodee)`. */
export function tellHealth(view: StageView, version: VersionSpec): string {
  if (view.seen.instances === 'unknown') return 'its instances cannot be seen';
  const counts = countsOf(view.seen, version.name);
  const healthy = counts?.healthy ?? 0;
  const noun = version.instances === 1 ? 'instance' : 'instances';
  const problem =
    counts?.problem === undefined || isReady(view.seen, version) ? '' : ` (${tellProblem(counts.problem)})`;
  return `${healthy} of ${version.instances} ${noun} healthy${problem}`;
}

/** Within a sentence: on one line, without its own end, and not longer than a reader wants. */
function tellProblem(problem: string): string {
  const line = problem.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  // A cut, here or where it was written, may halve a character, which not every store takes.
  const told = line.length > PROBLEM_MAX ? `${line.slice(0, PROBLEM_MAX)}…` : line.replace(/\.$/, '');
  return told.toWellFormed();
}

/** For sentences: `90 s`, `250 ms`. */
export function tellDuration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`;
}
