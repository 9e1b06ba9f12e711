import type { Effect } from './effect.ts';
import type { Observation } from './observation.ts';
import { withNew, withoutStage } from './pending.ts';
import type { StagePlan } from './plan.ts';
import type { Because, Rollout, StageState } from './rollout.ts';
import type { StageMove, StageView } from './stage-view.ts';

/** A rollout while one decision after the other is added to it. */
export interface Draft {
  readonly rollout: Rollout;
  readonly effects: readonly Effect[];
  readonly live: Readonly<Record<string, string | null>>;
  readonly because: readonly Because[];
}

export function draftOf(rollout: Rollout): Draft {
  return { rollout, effects: [], live: {}, because: [] };
}

export function tell(draft: Draft, rollout: Rollout, because: Because): Draft {
  return { ...draft, rollout, because: [...draft.because, because] };
}

export function withStage(rollout: Rollout, state: StageState): Rollout {
  return { ...rollout, stages: rollout.stages.map((stage) => (stage.key === state.key ? state : stage)) };
}

export function withMove(draft: Draft, plan: StagePlan, move: StageMove): Draft {
  const rollout = withStage(draft.rollout, move.state);
  const effects = move.effects ?? [];
  const pending = withNew(rollout.pending, effects);
  return {
    rollout: { ...rollout, pending: isOver(move.state) ? withoutStage(pending, placeOf(rollout, plan.key)) : pending },
    effects: [...draft.effects, ...effects],
    live: move.live === undefined ? draft.live : { ...draft.live, [plan.service]: move.live },
    because: [...draft.because, move.because],
  };
}

/** What it asked for has been seen to be so, even where nobody said that it was done. */
export function isOver({ phase }: StageState): boolean {
  return phase.is === 'succeeded' || phase.is === 'rolled_back' || phase.is === 'skipped';
}

/** `person` and `switch` hold everything; the other holds only say that a stage is waiting. */
export function isHeld(rollout: Rollout): boolean {
  return rollout.hold?.by === 'person' || rollout.hold?.by === 'switch';
}

export function placeOf(rollout: Rollout, stage: string): string {
  return `${rollout.key}/${rollout.generation}/${stage}`;
}

/** Undefined while the service cannot be seen at all, e.g. because it was deleted. */
export function viewOf(
  draft: Draft,
  plan: StagePlan,
  state: StageState,
  observation: Observation,
  now: number,
): StageView | undefined {
  const { rollout } = draft;
  const seen = observation.services[plan.service];
  if (seen === undefined) return undefined;
  const place = `${placeOf(rollout, state.key)}/`;
  return {
    rollout,
    plan,
    state,
    // What this very decision makes live is live for the decisions after it.
    seen: draft.live[plan.service] === undefined ? seen : withLive(seen, draft.live[plan.service] ?? null),
    pending: rollout.pending.filter((effect) => effect.id.startsWith(place)),
    held: isHeld(rollout),
    now,
  };
}

function withLive(seen: StageView['seen'], live: string | null): StageView['seen'] {
  const { live: _, ...rest } = seen;
  return live === null ? rest : { ...rest, live };
}
