import { bake } from './baking.ts';
import { complete } from './completing.ts';
import { type Draft, draftOf, viewOf, withMove } from './draft.ts';
import type { Effect } from './effect.ts';
import { fail, undoFinished } from './failing.ts';
import { obeySwitches } from './holding.ts';
import type { Observation } from './observation.ts';
import { withoutDone } from './pending.ts';
import { begin, prepare } from './preparing.ts';
import { goBack } from './returning.ts';
import type { Because, Rollout } from './rollout.ts';
import { isFinal, settle } from './settling.ts';
import type { StageMove, StageView } from './stage-view.ts';

export interface Advance {
  readonly rollout: Rollout;
  /** Newly asked for; also in `rollout.pending`, which is to be stored before any of them is performed. */
  readonly effects: readonly Effect[];
  /** By service, the version its document is to name as live from this commit on; null: none. */
  readonly live: Readonly<Record<string, string | null>>;
  /** What was decided, in order. Undefined: nothing was, and there is nothing to store. */
  readonly because: readonly Because[] | undefined;
}

/**
 * What now? Each stage takes at most one decision, two when the rollout turns back in this moment: traffic moves in the same
 * commit. Calling it again with the same observation and a stored result goes on from there; nothing is decided twice.
 */
export function advance(rollout: Rollout, observation: Observation, now: number): Advance {
  if (isFinal(rollout)) return unchanged(rollout);
  const pending = withoutDone(rollout.pending, observation.effects);
  let draft = obeySwitches(draftOf({ ...rollout, pending }), observation, now);
  draft = moveStages(draft, observation, now);
  if (rollout.failure === undefined && draft.rollout.failure !== undefined) draft = moveStages(draft, observation, now);
  draft = settle(undoFinished(draft, now), now);
  return draft.because.length === 0 ? unchanged(rollout) : draft;
}

function unchanged(rollout: Rollout): Advance {
  return { rollout, effects: [], live: {}, because: undefined };
}

function moveStages(draft: Draft, observation: Observation, now: number): Draft {
  let next = draft;
  for (const plan of draft.rollout.plan.stages) {
    const state = next.rollout.stages.find((stage) => stage.key === plan.key);
    const view = state && viewOf(next, plan, state, observation, now);
    const move = view && moveStage(view);
    if (!move) continue;
    next = withMove(next, plan, move);
    if (move.failed === true && next.rollout.failure === undefined) {
      const failure = { cause: move.because.summary, at_ms: now, stage: plan.key };
      next = { ...next, rollout: fail(next.rollout, failure) };
    }
  }
  return next;
}

function moveStage(view: StageView): StageMove | undefined {
  const { phase } = view.state;
  switch (phase.is) {
    case 'waiting':
      return begin(view);
    case 'preparing':
      return prepare(view, phase.since_ms);
    case 'baking':
      return bake(view, phase);
    case 'completing':
      return complete(view, phase);
    case 'returning':
      return goBack(view, phase);
    default:
      return undefined;
  }
}
