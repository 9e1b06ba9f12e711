import type { FlagServe, Variant } from '../../documents.ts';
import { type Share, sharesOf } from './split.ts';

export type StagesServe = Extract<FlagServe, { stages: unknown }>['stages'];
export type RampServe = Extract<FlagServe, { ramp: unknown }>['ramp'];
export type Stage = StagesServe['steps'][number];

/** As fine as the evaluator's shares are. */
const PARTS = 1_000;

/** Who gets what at a moment, in the order in which buckets are given out: another order would be other people. */
export function partsNow(serve: FlagServe, now: number): readonly Share[] {
  if ('value' in serve) return [];
  if ('variant' in serve) return [{ variant: serve.variant, percentage: 100 }];
  if ('split' in serve) return serve.split;
  if ('ramp' in serve) {
    // Rounded down, as the evaluator does: who is not reached yet does not come in early.
    return pair(serve.ramp.variant, serve.ramp.otherwise, Math.floor(rampAt(serve.ramp, now) * PARTS) / PARTS);
  }
  const { variant = serve.stages.otherwise, otherwise, steps } = serve.stages;
  const step = steps.findLast(({ from }) => Date.parse(from) <= now);
  if (step === undefined) return pair(variant, otherwise, 0);
  return 'split' in step ? step.split : pair(variant, otherwise, step.percentage);
}

/** Every variant with its share at a moment, in the order of the flag's variants. */
export function sharesNow(serve: FlagServe, variants: readonly Variant[], now: number): readonly Share[] {
  return sharesOf({ split: [...partsNow(serve, now)] }, variants);
}

export function pair(variant: string, otherwise: string, percentage: number): readonly Share[] {
  if (variant === otherwise) return [{ variant, percentage: 100 }];
  return [
    { variant, percentage },
    { variant: otherwise, percentage: Math.round((100 - percentage) * PARTS) / PARTS },
  ];
}

/** The share that a ramp has reached at a moment, as a percentage. */
export function rampAt({ from, to, from_percentage: low, to_percentage: high }: RampServe, at: number): number {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  if (!(end > begin) || at >= end) return high;
  return at <= begin ? low : low + ((high - low) * (at - begin)) / (end - begin);
}
