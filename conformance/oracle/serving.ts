import type {
  Bucketing,
  EvaluationContext,
  FlagDefinition,
  Json,
  Ramp,
  RuleDefinition,
  ServeDefinition,
  SplitPart,
  Stage,
  Stages,
  Trace,
} from '@spillway/evaluator';
import { bucketOf, keyText } from './bucketing.ts';
import { unreadable } from './refusal.ts';
import { valueAt } from './values.ts';

const WHOLE = 100_000;

/** What a serve comes to for one context at one moment. */
export interface Served {
  /** Absent when there is no key to bucket by. */
  readonly value?: Json;
  readonly variant?: string;
  readonly isSplit: boolean;
  readonly trace: Pick<Trace, 'schedule' | 'split'>;
}

export function bucketingOf(flag: FlagDefinition, rule: RuleDefinition | undefined): Bucketing {
  const { algorithm, seed, ...place } = flag.bucketing;
  const change = rule?.bucketing ?? {};
  const inherited = change.by === undefined ? place : { by: change.by };
  const where = { ...inherited, ...(change.path === undefined ? {} : { path: change.path }) };
  return { algorithm: change.algorithm ?? algorithm, seed: change.seed ?? seed, ...where };
}

/** Refuses a serve that cannot be understood. */
export function requireServe(serve: ServeDefinition, flag: FlagDefinition): void {
  if ('variant' in serve) requireVariant(serve.variant, flag);
  else if ('split' in serve) requireSplit(serve.split, flag);
  else if ('value' in serve) requireType(serve.value, flag);
  else if ('stages' in serve) requireStages(serve.stages, flag);
  else if ('ramp' in serve) requireRamp(serve.ramp, flag);
  else unreadable('serves nothing known');
}

export function requireVariant(name: string, flag: FlagDefinition): void {
  if (!flag.variants.some((variant) => variant.name === name)) unreadable(`${name} is no variant`);
}

export function requireType(value: Json, { type }: FlagDefinition): void {
  if (type !== 'json' && typeof value !== type) unreadable(`not a ${type}`);
}

function requireSplit(split: readonly SplitPart[], flag: FlagDefinition): void {
  for (const part of split) requireVariant(part.variant, flag);
  const shares = split.map((part) => shareOf(part.percentage));
  if (shares.reduce((sum, share) => sum + share, 0) !== WHOLE) unreadable('does not sum to 100');
}

function requireStages({ variant, otherwise, steps }: Stages, flag: FlagDefinition): void {
  requireVariant(otherwise, flag);
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1];
    if (before !== undefined && before.from_ms > step.from_ms) unreadable('out of order');
    if ('split' in step) requireSplit(step.split, flag);
    else {
      shareOf(step.percentage);
      requireVariant(variant ?? unreadable('of what?'), flag);
    }
  }
}

function requireRamp(ramp: Ramp, flag: FlagDefinition): void {
  requireVariant(ramp.variant, flag);
  requireVariant(ramp.otherwise, flag);
  shareOf(ramp.from_percentage);
  shareOf(ramp.to_percentage);
  if (ramp.to_ms < ramp.from_ms) unreadable('ends before it begins');
}

function shareOf(percentage: number): number {
  const share = Math.round(percentage * 1_000);
  if (share < 0 || share > WHOLE || Math.abs(percentage * 1_000 - share) > 1e-6) return unreadable('no percentage');
  return share;
}

/** Serves what has passed `requireServe`. */
export function serve(
  definition: ServeDefinition,
  flag: FlagDefinition,
  bucketing: Bucketing,
  context: EvaluationContext,
  now: number,
): Served {
  if ('variant' in definition) return { ...variantOf(definition.variant, flag), isSplit: false, trace: {} };
  if ('split' in definition) return serveSplit(definition.split, flag, bucketing, context);
  if ('value' in definition) return { value: definition.value, isSplit: false, trace: {} };
  if ('stages' in definition) {
    const { schedule, split } = currentStage(definition.stages, now);
    const served = serveSplit(split, flag, bucketing, context);
    return { ...served, trace: { schedule, ...served.trace } };
  }
  const { ramp } = definition;
  const share = rampShare(ramp, now);
  const { from_ms, to_ms } = ramp;
  const served = serveSplit(divided(ramp.variant, ramp.otherwise, share), flag, bucketing, context);
  return { ...served, trace: { schedule: { is: 'ramp', share, from_ms, to_ms }, ...served.trace } };
}

function variantOf(name: string, flag: FlagDefinition): { readonly value: Json; readonly variant: string } {
  const found = flag.variants.findLast((variant) => variant.name === name);
  return found === undefined ? unreadable(`${name} is no variant`) : { value: found.value, variant: name };
}

function serveSplit(
  split: readonly SplitPart[],
  flag: FlagDefinition,
  bucketing: Bucketing,
  context: EvaluationContext,
): Served {
  const everyone = split.find((part) => shareOf(part.percentage) === WHOLE);
  if (everyone !== undefined) return { ...variantOf(everyone.variant, flag), isSplit: true, trace: {} };
  const { by, path, seed } = bucketing;
  let end = 0;
  const parts = split.map(({ variant, percentage }) => {
    const from = end;
    end += shareOf(percentage);
    return { variant, from, to: end };
  });
  const key = keyText(valueAt(context, by, path));
  const bucket = key === undefined ? undefined : bucketOf(key, seed);
  const found = key === undefined || bucket === undefined ? {} : { key, bucket };
  const trace = { split: { by, ...(path === undefined ? {} : { path }), seed, parts, ...found } };
  const part = parts.find(({ from, to }) => bucket !== undefined && bucket >= from && bucket < to);
  return { ...(part === undefined ? {} : variantOf(part.variant, flag)), isSplit: true, trace };
}

function currentStage({ variant, otherwise, steps }: Stages, now: number) {
  const step = steps.findLastIndex((each) => each.from_ms <= now);
  const current = steps[step];
  const next = steps[step + 1];
  const schedule = {
    is: 'stages' as const,
    ...(current === undefined ? {} : { step, from_ms: current.from_ms }),
    ...(next === undefined ? {} : { next_ms: next.from_ms }),
  };
  return { schedule, split: splitOf(current, variant ?? otherwise, otherwise) };
}

function splitOf(stage: Stage | undefined, variant: string, otherwise: string): readonly SplitPart[] {
  if (stage === undefined) return divided(variant, otherwise, 0);
  return 'split' in stage ? stage.split : divided(variant, otherwise, shareOf(stage.percentage));
}

function divided(variant: string, otherwise: string, share: number): readonly SplitPart[] {
  return [
    { variant, percentage: share / 1_000 },
    { variant: otherwise, percentage: (WHOLE - share) / 1_000 },
  ];
}

function rampShare({ from_ms: from, to_ms: to, from_percentage: low, to_percentage: high }: Ramp, now: number): number {
  if (now < from) return shareOf(low);
  if (now >= to) return shareOf(high);
  return Math.floor(shareOf(low) + (shareOf(high) - shareOf(low)) * ((now - from) / (to - from)));
}
