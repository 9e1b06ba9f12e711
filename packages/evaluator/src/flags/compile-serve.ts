import { broken } from '../broken.ts';
import { bucketIn, bucketingText, firstPointOf, pointIn } from '../bucketing/bucket.ts';
import type { BucketingForm } from '../bucketing/bucketing-form.ts';
import { isNumber } from '../conditions/operators.ts';
import type { Json } from '../json.ts';
import { type Ramp, type ServeDefinition, SHARE_WHOLE, type SplitPart, type Stage, type Stages } from '../snapshot.ts';
import type { Decide, PlainServe, RampForm, ServeForm, StagesForm } from './flag-form.ts';

/** Decimals are not exact in binary: how far a percentage may be off a whole share. */
const SHARE_SLACK = 1e-6;
const SHARES_PER_PERCENT = SHARE_WHOLE / 100;

/** What a serve is compiled against: gives outcomes their numbers. */
export interface Serving {
  readonly fixed: (variant: string) => number;
  readonly split: (variant: string) => number;
  readonly value: (value: Json) => number;
  /** With the decision for a context that has no key. */
  readonly bucketing: () => { readonly bucketing: BucketingForm; readonly missing: number };
}

export function compileServe(serve: ServeDefinition, serving: Serving): ServeForm {
  if ('variant' in serve) return { is: 'fixed', outcome: serving.fixed(serve.variant) };
  if ('split' in serve) return compileSplit(serve.split, serving);
  if ('value' in serve) return { is: 'fixed', outcome: serving.value(serve.value) };
  if ('stages' in serve) return compileStages(serve.stages, serving);
  if ('ramp' in serve) return compileRamp(serve.ramp, serving);
  return broken('a rule serves something that this version does not know');
}

function compileSplit(split: readonly SplitPart[], { split: outcomeOf, bucketing }: Serving): PlainServe {
  const outcomes = split.map((part) => outcomeOf(part.variant));
  const shares = split.map((part) => shareOf(part.percentage));
  if (shares.reduce((sum, share) => sum + share, 0) !== SHARE_WHOLE) return broken('the parts of a split sum to 100');
  // All or nothing is for everyone, also for those who cannot be told apart.
  const whole = outcomes[shares.indexOf(SHARE_WHOLE)];
  if (whole !== undefined) return { is: 'fixed', outcome: whole };
  let end = 0;
  const ends = shares.map((share) => {
    end += share;
    return end;
  });
  const { bucketing: by, missing } = bucketing();
  // Written out, because objects put together from parts take twice the memory.
  return { is: 'split', ends, outcomes, bucketing: by, missing, decide: decidingSplit(ends, outcomes, by, missing) };
}

function compileStages(source: Stages, serving: Serving): ServeForm {
  let last = Number.NEGATIVE_INFINITY;
  const steps = source.steps.map((step) => {
    if (!isNumber(step.from_ms) || step.from_ms < last) return broken('stages are in the order of their times');
    last = step.from_ms;
    return { from: step.from_ms, serve: compileStage(step, source, serving) };
  });
  const before = { is: 'fixed', outcome: serving.split(source.otherwise) } as const;
  return { is: 'stages', source, before, steps, decide: decidingStages(before, steps) };
}

function compileStage(step: Stage, { variant, otherwise }: Stages, serving: Serving): PlainServe {
  if ('split' in step) return compileSplit(step.split, serving);
  if (variant === undefined) return broken('a stage with a percentage says of which variant');
  const rest = (SHARE_WHOLE - shareOf(step.percentage)) / SHARES_PER_PERCENT;
  return compileSplit(
    [
      { variant, percentage: step.percentage },
      { variant: otherwise, percentage: rest },
    ],
    serving,
  );
}

function compileRamp(source: Ramp, { split: outcomeOf, bucketing }: Serving): ServeForm {
  const { from_ms: from, to_ms: to } = source;
  if (!isNumber(from) || !isNumber(to) || to < from) return broken('a ramp ends after it begins');
  const ramp = {
    is: 'ramp',
    source,
    fromShare: shareOf(source.from_percentage),
    toShare: shareOf(source.to_percentage),
    variant: outcomeOf(source.variant),
    otherwise: outcomeOf(source.otherwise),
    ...bucketing(),
  } as const;
  return { ...ramp, decide: decidingRamp(ramp) };
}

function shareOf(percentage: number): number {
  const share = Math.round(percentage * SHARES_PER_PERCENT);
  const whole = Math.abs(percentage * SHARES_PER_PERCENT - share) <= SHARE_SLACK;
  return whole && share >= 0 && share <= SHARE_WHOLE ? share : broken('a percentage is 0 to 100 with three decimals');
}

/** What a ramp has reached. The order of the operations is part of the specification: every reader gets the same share. */
export function rampShare({ source, fromShare, toShare }: Omit<RampForm, 'decide'>, now: number): number {
  if (now < source.from_ms) return fromShare;
  if (now >= source.to_ms) return toShare;
  const passed = (now - source.from_ms) / (source.to_ms - source.from_ms);
  return Math.floor(fromShare + (toShare - fromShare) * passed);
}

/** The step that lasts at `now`; -1 before the first. */
export function stepAt(steps: StagesForm['steps'], now: number): number {
  let at = steps.length - 1;
  while (at >= 0 && !((steps[at]?.from ?? 0) <= now)) at -= 1;
  return at;
}

export function deciding(serve: ServeForm): Decide {
  return serve.is === 'fixed' ? decidingAlways(serve.outcome) : serve.decide;
}

function decidingAlways(outcome: number): Decide {
  return () => outcome;
}

function decidingStages(first: PlainServe, steps: StagesForm['steps']): Decide {
  const before = deciding(first);
  const decides = steps.map((step) => deciding(step.serve));
  return (context, now) => (decides[stepAt(steps, now)] ?? before)(context, now);
}

function decidingSplit(
  ends: readonly number[],
  outcomes: readonly number[],
  bucketing: BucketingForm,
  missing: number,
): Decide {
  const { read, seed } = bucketing;
  const points = ends.map(firstPointOf);
  const [first = 0] = points;
  const [firstOutcome = missing, secondOutcome = missing] = outcomes;
  const last = outcomes.length - 1;
  return (context) => {
    const key = bucketingText(read(context));
    if (key === undefined) return missing;
    const point = pointIn(key, seed);
    if (point < first) return firstOutcome;
    if (last === 1) return secondOutcome;
    let part = 1;
    while (part < last && point >= (points[part] ?? 0)) part += 1;
    return outcomes[part] ?? missing;
  };
}

function decidingRamp(ramp: Omit<RampForm, 'decide'>): Decide {
  const { variant, otherwise, bucketing, missing } = ramp;
  const { read, seed } = bucketing;
  return (context, now) => {
    const share = rampShare(ramp, now);
    if (share <= 0) return otherwise;
    if (share >= SHARE_WHOLE) return variant;
    const key = bucketingText(read(context));
    if (key === undefined) return missing;
    return bucketIn(key, seed) < share ? variant : otherwise;
  };
}
