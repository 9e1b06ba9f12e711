import { type Advance, advance } from './advance.ts';
import type { Observation } from './observation.ts';
import type { Rollout, StagePhase, StageState } from './rollout.ts';
import { isFinal } from './settling.ts';
import { tellDuration } from './stage-view.ts';

const MOMENTS = [
  'started_at_ms',
  'since_ms',
  'at_ms',
  'sent_at_ms',
  'confirmed_at_ms',
  'ran_at_ms',
  'next_check_at_ms',
  'patience_from_ms',
  'stopping_since_ms',
] as const;

/**
 * `advance` after the clock was set by so much (milliseconds; below 0: back). All moments move with it: what has baked for ten
 * minutes has baked for ten minutes, neither a day nor not yet, and the next check is as far away as it was.
 */
export function advanceOnMovedClock(rollout: Rollout, observation: Observation, now: number, by_ms: number): Advance {
  if (isFinal(rollout)) return advance(rollout, observation, now);
  const advanced = advance(withMoments(rollout, by_ms), observation, now);
  const way = by_ms < 0 ? 'back' : 'forward';
  const summary = `The clock went ${way} by ${tellDuration(Math.abs(by_ms))}; all times of the rollout move with it.`;
  return { ...advanced, because: [{ decision: 'clock_moved', summary }, ...(advanced.because ?? [])] };
}

function withMoments(rollout: Rollout, by_ms: number): Rollout {
  const { hold, failure, stages } = rollout;
  return {
    ...moved(rollout, by_ms),
    ...(hold === undefined ? {} : { hold: moved(hold, by_ms) }),
    ...(failure === undefined ? {} : { failure: moved(failure, by_ms) }),
    stages: stages.map((stage) => movedStage(stage, by_ms)),
  };
}

function movedStage(stage: StageState, by_ms: number): StageState {
  const { phase, traffic } = stage;
  return {
    ...moved(stage, by_ms),
    phase: movedPhase(phase, by_ms),
    ...(traffic === undefined ? {} : { traffic: moved(traffic, by_ms) }),
  };
}

function movedPhase(phase: StagePhase, by_ms: number): StagePhase {
  if (phase.is !== 'baking') return moved(phase, by_ms);
  const { awaiting, reading } = phase;
  return {
    ...moved(phase, by_ms),
    ...(awaiting === undefined ? {} : { awaiting: moved(awaiting, by_ms) }),
    ...(reading === undefined ? {} : { reading: moved(reading, by_ms) }),
  };
}

/** The moments that stand in the part itself; what lies deeper has names that people gave. */
function moved<T extends object>(part: T, by_ms: number): T {
  const after = { ...part };
  for (const name of MOMENTS) {
    const moment: unknown = Reflect.get(part, name);
    if (typeof moment === 'number') Object.assign(after, { [name]: moment + by_ms });
  }
  return after;
}
