import type { Advance } from './advance.ts';
import type { RolloutPlan } from './plan.ts';

/** A new rollout in which nothing has happened yet. */
export function startRollout(plan: RolloutPlan, generation: number, now: number): Advance {
  const stages = plan.stages.map((stage) => ({ key: stage.key, phase: { is: 'waiting' } as const, effects: 0 }));
  const what = plan.stages.map((stage) => `${stage.service} to ${stage.version.name}`).join(', ');
  return {
    rollout: { key: plan.key, plan, generation, status: 'progressing', stages, pending: [], started_at_ms: now },
    effects: [],
    live: {},
    because: [{ decision: 'started', summary: `Generation ${generation} in ${plan.environment}: ${what}.` }],
  };
}
