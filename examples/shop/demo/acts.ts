import { type Rollout, VERSIONS, type Version } from './story.ts';

/** A rollout as it is shown: what state it is in, and how far each of its steps has come. */
export interface Act {
  readonly version: Version;
  readonly state: 'waiting' | 'running' | 'kept' | 'taken_back' | 'failed';
  readonly note: string;
  readonly steps: readonly ActStep[];
}

export interface ActStep {
  readonly percentage: number;
  readonly state: 'waiting' | 'running' | 'passed' | 'stopped';
  /** From 0 to 1. */
  readonly done: number;
  readonly note: string;
}

/** What is remembered of a rollout while it goes on. */
export interface Seen {
  readonly rollout: Rollout;
  /** The furthest step that has had traffic; undefined before the first. */
  readonly step: number | undefined;
  readonly endedAfterMs: number | undefined;
}

export function remember(before: Seen | undefined, rollout: Rollout): Seen {
  const phase = rollout.stages[0]?.phase;
  const step = phase?.is === 'baking' ? phase.step : before?.step;
  const endedAfterMs = rollout.ended_at_ms === undefined ? undefined : rollout.ended_at_ms - rollout.started_at_ms;
  return { rollout, step, endedAfterMs };
}

export function actsOf(seen: ReadonlyMap<Version, Seen>, nowMs: number): readonly Act[] {
  return VERSIONS.map((version) => {
    const known = seen.get(version);
    return known === undefined ? { version, state: 'waiting', note: '', steps: [] } : actOf(version, known, nowMs);
  });
}

function actOf(version: Version, seen: Seen, nowMs: number): Act {
  const { rollout } = seen;
  const seconds = seen.endedAfterMs === undefined ? '' : ` after ${tellSeconds(seen.endedAfterMs)}`;
  const steps = seen.step === undefined ? [] : stepsOf(seen, nowMs);
  switch (rollout.status) {
    case 'succeeded':
      return { version, state: 'kept', note: `has all traffic${seconds}`, steps };
    case 'rolled_back':
      return { version, state: 'taken_back', note: `taken back${seconds}`, steps };
    case 'failed':
      return { version, state: 'failed', note: rollout.conclusion ?? 'failed', steps };
    default:
      return { version, state: 'running', note: runningNote(rollout), steps };
  }
}

function runningNote(rollout: Rollout): string {
  const stage = rollout.stages[0];
  const planned = rollout.plan.stages[0]?.strategy.steps.length ?? 0;
  if (rollout.status === 'paused') return `on hold: ${(rollout.hold?.reason ?? '').replace(/\.$/, '')}`;
  switch (stage?.phase.is) {
    case 'waiting':
    case 'preparing':
      return 'starting, no traffic yet';
    case 'baking':
      return `step ${stage.phase.step + 1} of ${planned}`;
    case 'completing':
      return 'all traffic there; the version before it finishes its requests and stops';
    case 'returning':
      return 'traffic is back on the version before';
    default:
      return '';
  }
}

function stepsOf({ rollout, step: reached = 0 }: Seen, nowMs: number): readonly ActStep[] {
  const phase = rollout.stages[0]?.phase;
  const steps = rollout.plan.stages[0]?.strategy.steps ?? [];
  const isOn = phase?.is === 'baking';
  const failed = rollout.failure !== undefined;
  return steps.map(({ percentage, bake_ms }, index): ActStep => {
    if (index < reached) return { percentage, state: 'passed', done: 1, note: 'looked good' };
    if (index > reached) return { percentage, state: 'waiting', done: 0, note: '' };
    if (failed) return { percentage, state: 'stopped', done: 1, note: rollout.failure?.cause ?? '' };
    if (!isOn) return { percentage, state: 'passed', done: 1, note: 'looked good' };
    const passedMs = phase.confirmed_at_ms === undefined ? 0 : Math.max(0, nowMs - phase.confirmed_at_ms);
    const done = bake_ms === 0 ? 1 : Math.min(1, passedMs / bake_ms);
    return { percentage, state: 'running', done, note: tellSeconds(bake_ms - passedMs, 'left') };
  });
}

function tellSeconds(ms: number, word = ''): string {
  if (ms <= 0) return word === 'left' ? 'deciding' : '0 s';
  return `${(ms / 1_000).toFixed(1)} s ${word}`.trim();
}
