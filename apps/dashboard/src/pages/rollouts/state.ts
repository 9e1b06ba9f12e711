import type { RolloutDocument } from '../../documents.ts';
import type { Tone } from '../../ui/badge.tsx';
import type { Sign } from '../../ui/glyph.tsx';

export type RolloutStatus = RolloutDocument['status'];
export type StageState = RolloutDocument['stages'][number];
export type StagePlan = RolloutDocument['plan']['stages'][number];

/** A stage's plan beside where it stands. */
export interface Stage {
  readonly plan: StagePlan;
  readonly state: StageState;
}

const SHARE_WHOLE = 100_000;

export const STATUS: Readonly<
  Record<RolloutStatus, { readonly tone: Tone; readonly glyph: Sign; readonly word: string }>
> = {
  progressing: { tone: 'warn', glyph: '▲', word: 'Progressing' },
  paused: { tone: 'info', glyph: '॥', word: 'Paused' },
  rolling_back: { tone: 'bad', glyph: '↩', word: 'Rolling back' },
  succeeded: { tone: 'ok', glyph: '✔', word: 'Succeeded' },
  rolled_back: { tone: 'bad', glyph: '↩', word: 'Rolled back' },
  failed: { tone: 'bad', glyph: '✖', word: 'Failed' },
};

export function isLive(status: RolloutStatus): boolean {
  return status === 'progressing' || status === 'paused' || status === 'rolling_back';
}

/** It will not go on by itself. */
export function needsPerson(rollout: RolloutDocument): boolean {
  return (
    isLive(rollout.status) &&
    (rollout.status === 'paused' || rollout.hold !== undefined || awaited(rollout) !== undefined)
  );
}

export function stagesOf(rollout: RolloutDocument): readonly Stage[] {
  return rollout.plan.stages.map((plan) => ({
    plan,
    state: rollout.stages.find((state) => state.key === plan.key) ?? {
      key: plan.key,
      phase: { is: 'waiting' as const },
      effects: 0,
    },
  }));
}

/** The stage to look at: the one at work, else the last that did anything, else the first. */
export function currentStage(rollout: RolloutDocument): Stage | undefined {
  const stages = stagesOf(rollout);
  const working = stages.find(({ state }) =>
    ['preparing', 'baking', 'completing', 'returning'].includes(state.phase.is),
  );
  return working ?? stages.findLast(({ state }) => state.phase.is !== 'waiting') ?? stages[0];
}

/** Percentage of traffic the new version should have now. */
export function wantedPercentage({ plan, state }: Stage): number {
  const { phase } = state;
  if (phase.is === 'baking') return plan.strategy.steps[phase.step]?.percentage ?? 0;
  return phase.is === 'completing' || phase.is === 'succeeded' ? 100 : 0;
}

/** `step 3 of 5` while there are steps. */
export function progressWords(stage: Stage): string {
  const { phase } = stage.state;
  const steps = stage.plan.strategy.steps.length;
  switch (phase.is) {
    case 'waiting':
      return 'waiting for its turn';
    case 'preparing':
      return `starting ${stage.plan.version.name}`;
    case 'baking':
      return `step ${phase.step + 1} of ${steps}`;
    case 'completing':
      return 'all traffic moved, old version draining';
    case 'returning':
      return 'traffic going back';
    case 'succeeded':
      return 'done';
    case 'rolled_back':
      return 'taken back';
    case 'skipped':
      return 'skipped';
  }
}

/** What the rollout waits for a person to do or decide, in words. */
export function awaited(rollout: RolloutDocument): string | undefined {
  if (!isLive(rollout.status)) return undefined;
  if (rollout.hold !== undefined) {
    const { by, reason } = rollout.hold;
    if (by === 'person') return reason === '' ? 'Held by a person.' : `Held: ${reason}`;
    if (by === 'approval') return reason === '' ? 'Waits for an approval.' : reason;
    if (by === 'switch') return reason === '' ? 'Held by a fired kill switch.' : reason;
    return reason === '' ? 'Held: there is not enough traffic to judge by.' : reason;
  }
  const phase = currentStage(rollout)?.state.phase;
  if (phase?.is === 'baking' && phase.awaiting?.what === 'approval')
    return 'This step waits for someone to promote it.';
  return undefined;
}

/** Shares out of 100,000 as percentages. */
export function percentageOf(share: number): number {
  return (share / SHARE_WHOLE) * 100;
}
