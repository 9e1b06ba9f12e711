import { type Draft, placeOf, tell, withStage } from './draft.ts';
import { withoutStage } from './pending.ts';
import type { Failure, Rollout, StageState } from './rollout.ts';

/** Turns a rollout back for good: stages under way return, those not begun are skipped, what would raise exposure is forgotten. */
export function fail(rollout: Rollout, failure: Failure): Rollout {
  const { hold: _, ...released } = rollout;
  let pending = rollout.pending;
  const stages = rollout.stages.map((stage) => {
    if (isUnderWay(stage)) pending = withoutStage(pending, placeOf(rollout, stage.key));
    return turnedBack(stage, failure);
  });
  return { ...released, stages, pending, failure };
}

export function isUnderWay({ phase }: StageState): boolean {
  return phase.is === 'preparing' || phase.is === 'baking' || phase.is === 'completing';
}

function turnedBack(stage: StageState, { cause, at_ms }: Failure): StageState {
  if (isUnderWay(stage)) return { ...stage, phase: { is: 'returning', since_ms: at_ms, cause } };
  return stage.phase.is === 'waiting' ? { ...stage, phase: { is: 'skipped', at_ms } } : stage;
}

/**
 * Rolls finished stages back too, the last finished first and one after the other, when the plan asks for it. One that cannot
 * return in time (its old version does not get healthy) does not keep the others from returning.
 */
export function undoFinished(draft: Draft, now: number): Draft {
  const { rollout } = draft;
  const { failure, plan } = rollout;
  if (failure === undefined || !plan.rollback_on_failure) return draft;
  const blocked = rollout.stages.some(({ key, phase }) => {
    const deadline = plan.stages.find((stage) => stage.key === key)?.strategy.progress_deadline_ms ?? 0;
    return phase.is === 'returning' && now - phase.since_ms < deadline;
  });
  const last = blocked ? undefined : lastFinished(rollout);
  if (last === undefined) return draft;
  const phase = { is: 'returning', since_ms: now, cause: failure.cause } as const;
  const next = withStage(rollout, { ...last, phase });
  const summary = `${last.key} had finished; the plan asks to take it back as well.`;
  return tell(draft, next, { decision: 'undoing_stage', summary, stage: last.key });
}

/** A stage that found its version live already did nothing and has nothing to undo. Later stages of a plan break ties. */
export function lastFinished(rollout: Rollout): StageState | undefined {
  let last: { stage: StageState; at: number } | undefined;
  for (const stage of rollout.stages) {
    const { phase, effects } = stage;
    if (phase.is === 'succeeded' && effects > 0 && phase.at_ms >= (last?.at ?? Number.NEGATIVE_INFINITY)) {
      last = { stage, at: phase.at_ms };
    }
  }
  return last?.stage;
}
