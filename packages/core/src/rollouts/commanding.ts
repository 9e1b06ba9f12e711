import { accept, type Outcome, refuse } from '../refusal.ts';
import type { Advance } from './advance.ts';
import type { RolloutCommand } from './command.ts';
import { isHeld } from './draft.ts';
import { fail } from './failing.ts';
import type { Baking, Rollout, StageState } from './rollout.ts';
import { isFinal, settle, withStatus } from './settling.ts';

export interface CommandedBy {
  /** As sentences for people name them. */
  readonly actor: string;
  readonly reason: string;
}

type Commanded = Outcome<Advance>;

/**
 * What a person says, written down; the next `advance` acts on it. Refused with `conflict` and the remedy when it does not fit
 * the rollout's state.
 */
export function command(rollout: Rollout, given: RolloutCommand, by: CommandedBy, now: number): Commanded {
  if (isFinal(rollout)) {
    return refuse('conflict', `Rollout ${rollout.key} has ended (${rollout.status}). Apply a plan to start a new one.`);
  }
  if (rollout.failure !== undefined) {
    return refuse('conflict', `Rollout ${rollout.key} is already going back: ${rollout.failure.cause}`);
  }
  switch (given) {
    case 'pause':
      return pause(rollout, by, now);
    case 'resume':
      return resume(rollout, by, now);
    case 'promote':
      return promote(rollout, by, 'step');
    case 'promote_fully':
      return promote(rollout, by, 'fully');
    case 'abort':
      return abort(rollout, by, now);
  }
}

/** The reason is left to the log, which keeps it beside what was decided. */
function told(rollout: Rollout, decision: string, summary: string, { actor }: CommandedBy): Commanded {
  const because = [{ decision, summary: `${summary} by ${actor}.` }];
  return accept({ rollout, effects: [], live: {}, because });
}

function pause(rollout: Rollout, by: CommandedBy, now: number): Commanded {
  if (rollout.hold?.by === 'person') {
    return refuse('conflict', `Rollout ${rollout.key} is already paused. Use resume, promote after it, or abort.`);
  }
  const reason = by.reason === '' ? `Paused by ${by.actor}.` : by.reason;
  const held: Rollout = { ...rollout, status: 'paused', hold: { by: 'person', reason, since_ms: now } };
  return told(held, 'paused', 'Paused', by);
}

function resume(rollout: Rollout, by: CommandedBy, now: number): Commanded {
  if (isHeld(rollout)) {
    const { hold: _, ...free } = rollout;
    return told(withStatus(free), 'resumed', 'Resumed', by);
  }
  if (rollout.hold?.by === 'approval') {
    return refuse('conflict', `${rollout.hold.reason} Use promote to approve the step, or abort.`);
  }
  const patient = rollout.stages.map((stage) => withBaking(stage, (phase) => withPatience(phase, now)));
  if (rollout.hold?.by === 'no_data') {
    const summary = 'Resumed to wait for evidence';
    return told(withStatus({ ...rollout, stages: patient }), 'resumed', summary, by);
  }
  return refuse('conflict', `Rollout ${rollout.key} is not paused. It goes on by itself.`);
}

function withPatience(phase: Baking, now: number): Baking {
  if (phase.awaiting?.what !== 'evidence') return phase;
  const { awaiting: _, ...baking } = phase;
  return { ...baking, patience_from_ms: now };
}

/** An open violation is skipped by promoting fully alone: whoever does that takes the rest of the plan upon themselves. */
function promote(rollout: Rollout, by: CommandedBy, how: 'step' | 'fully'): Commanded {
  if (isHeld(rollout)) {
    return refuse('conflict', `Rollout ${rollout.key} is held: ${rollout.hold?.reason} Resume it first, then promote.`);
  }
  const baking = rollout.stages.filter(({ phase }) => phase.is === 'baking');
  if (baking.length === 0) {
    return refuse(
      'conflict',
      `Rollout ${rollout.key} has no step under way to promote. Wait until a version is ready.`,
    );
  }
  const violating = baking.find(({ evidence }) => (evidence?.violations_in_a_row ?? 0) > 0);
  if (how === 'step' && violating !== undefined) {
    const message = `The last checks of ${violating.key} broke a bound. Wait for a good check, abort, or promote fully to override.`;
    return refuse('conflict', message);
  }
  const stages = rollout.stages.map((stage) => withBaking(stage, (phase) => withPromotion(phase, how)));
  const summary = how === 'step' ? 'Promoted past the rest of the step' : 'Promoted past all steps';
  return told(withStatus({ ...rollout, stages }), how === 'step' ? 'promoted' : 'promoted_fully', summary, by);
}

function withPromotion(phase: Baking, how: 'step' | 'fully'): Baking {
  const { awaiting: _, ...baking } = phase;
  return { ...baking, promoted: phase.promoted === 'fully' ? 'fully' : how };
}

function withBaking(stage: StageState, change: (phase: Baking) => Baking): StageState {
  return stage.phase.is === 'baking' ? { ...stage, phase: change(stage.phase) } : stage;
}

function abort(rollout: Rollout, by: CommandedBy, now: number): Commanded {
  const why = by.reason === '' ? '' : `: ${by.reason}`;
  const failure = { cause: `Aborted by ${by.actor}${why}.`, at_ms: now };
  const outcome = told(fail(rollout, failure), 'aborted', 'Aborted', by);
  if (!outcome.ok) return outcome;
  const settled = settle({ ...outcome.value, because: outcome.value.because ?? [] }, now);
  return accept(settled);
}
