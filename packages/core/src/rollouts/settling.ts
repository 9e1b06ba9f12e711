import { type Draft, isHeld, isOver, tell } from './draft.ts';
import { lastFinished } from './failing.ts';
import type { Baking, Hold, Rollout, RolloutStatus } from './rollout.ts';

const FINAL_STATUSES: readonly RolloutStatus[] = ['succeeded', 'rolled_back', 'failed'];

export function isFinal(rollout: Rollout): boolean {
  return FINAL_STATUSES.includes(rollout.status);
}

/** Gives the rollout the status that its stages amount to, and ends it when none of them has anything left to do. */
export function settle(draft: Draft, now: number): Draft {
  const { rollout } = draft;
  if (rollout.stages.every(isOver) && !mustUndo(rollout)) return conclude(draft, now);
  return { ...draft, rollout: withStatus(rollout) };
}

export function withStatus(rollout: Rollout): Rollout {
  if (rollout.failure !== undefined) return { ...rollout, status: 'rolling_back' };
  if (isHeld(rollout)) return { ...rollout, status: 'paused' };
  const { hold: _, ...free } = rollout;
  const hold = waitingForPerson(rollout);
  return hold === undefined ? { ...free, status: 'progressing' } : { ...free, hold, status: 'paused' };
}

function mustUndo(rollout: Rollout): boolean {
  return rollout.failure !== undefined && rollout.plan.rollback_on_failure && lastFinished(rollout) !== undefined;
}

function waitingForPerson(rollout: Rollout): Hold | undefined {
  for (const { key, phase } of rollout.stages) {
    const awaiting = phase.is === 'baking' ? phase.awaiting : undefined;
    if (phase.is !== 'baking' || awaiting === undefined || awaiting.what === 'instances') continue;
    const { since_ms } = awaiting;
    return awaiting.what === 'approval'
      ? { by: 'approval', reason: `${tellStep(key, phase)} waits for promote.`, since_ms, stage: key }
      : {
          by: 'no_data',
          reason: `${tellStep(key, phase)} ${tellUndecided(phase)}; resume looks again, promote goes on.`,
          since_ms,
          stage: key,
        };
  }
  return undefined;
}

function tellStep(key: string, phase: Baking): string {
  return `Step ${phase.step + 1} of ${key}`;
}

/** Why no check decided, for a person who is asked to. */
function tellUndecided({ last_verdict }: Baking): string {
  switch (last_verdict) {
    case 'error':
      return 'could not be judged: the metrics cannot be read';
    case 'fail':
      return 'failed a check that no other has confirmed';
    case 'no_data':
      return 'could not be judged: no request came';
    default:
      return 'could not be judged: too few requests came';
  }
}

function conclude(draft: Draft, now: number): Draft {
  const { hold: _, ...rollout } = draft.rollout;
  const { status, conclusion } = endOf(draft.rollout);
  const ended: Rollout = { ...rollout, status, conclusion, pending: [], ended_at_ms: now };
  return tell(draft, ended, { decision: status, summary: conclusion });
}

function endOf(rollout: Rollout): { status: RolloutStatus; conclusion: string } {
  const { failure, stages } = rollout;
  const seconds = `after ${Math.round((nowOf(rollout) - rollout.started_at_ms) / 1_000)} s`;
  if (failure === undefined) return { status: 'succeeded', conclusion: `All stages succeeded ${seconds}.` };
  const kept = stages.filter((stage) => stage.phase.is === 'succeeded').map((stage) => stage.key);
  if (kept.length === 0) return { status: 'rolled_back', conclusion: failure.cause };
  return { status: 'failed', conclusion: `${failure.cause} Finished before and kept: ${kept.join(', ')}.` };
}

function nowOf(rollout: Rollout): number {
  return Math.max(
    rollout.started_at_ms,
    ...rollout.stages.map(({ phase }) => ('at_ms' in phase ? phase.at_ms : rollout.started_at_ms)),
  );
}
