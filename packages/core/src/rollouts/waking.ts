import type { Rollout, StageState } from './rollout.ts';
import { isFinal } from './settling.ts';

/** While something is expected any moment: an instance to get healthy, the router to confirm. */
export const WATCH_CLOSELY_MS = 200;

/** While nothing is expected: how soon failed instances and moved weights are noticed. */
export const WATCH_MS = 1_000;

const AT_LEAST_MS = 10;

/** How long a rollout may be left alone, in milliseconds from now; null when it has ended. Changes wake it earlier. */
export function nextWakeMs(rollout: Rollout, now: number): number | null {
  if (isFinal(rollout)) return null;
  if (rollout.pending.length > 0) return WATCH_CLOSELY_MS;
  const waits = rollout.stages.map((stage) => stageWaitMs(rollout, stage, now));
  return Math.max(AT_LEAST_MS, Math.min(WATCH_MS, ...waits));
}

function stageWaitMs(rollout: Rollout, stage: StageState, now: number): number {
  const { phase } = stage;
  switch (phase.is) {
    case 'preparing':
    case 'completing':
    case 'returning':
      return WATCH_CLOSELY_MS;
    case 'baking': {
      if (phase.confirmed_at_ms === undefined) return WATCH_CLOSELY_MS;
      const plan = rollout.plan.stages.find(({ key }) => key === stage.key);
      const over = phase.confirmed_at_ms + (plan?.strategy.steps[phase.step]?.bake_ms ?? 0);
      const untilOver = over > now ? over - now : WATCH_MS;
      return Math.min(phase.next_check_at_ms - now, untilOver);
    }
    default:
      return WATCH_MS;
  }
}
