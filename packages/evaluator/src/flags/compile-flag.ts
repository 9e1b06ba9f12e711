import { broken, problemOf } from '../broken.ts';
import { bucketIn, bucketingText, type Seed, seedOf } from '../bucketing/bucket.ts';
import { attributeOf } from '../conditions/attributes.ts';
import { compileCondition, type FindSegment } from '../conditions/compile-condition.ts';
import type { EvaluationContext } from '../evaluation.ts';
import { noting } from '../segments/compile-segments.ts';
import { type FlagDefinition, type Serve, SHARE_WHOLE, type SplitPart, type Variant } from '../snapshot.ts';
import {
  type Decide,
  type FlagForm,
  INVALID_CONTEXT,
  type LiveForm,
  MISSING_KEY,
  type Outcome,
  type RuleForm,
  type ServeForm,
} from './flag-form.ts';

/** Decimals are not exact in binary: how far a percentage may be off a whole share. */
const SHARE_SLACK = 1e-6;
const SHARES_PER_PERCENT = SHARE_WHOLE / 100;

/** Throws when not even the off variant can be served; any other fault is kept in `live`. */
export function compileFlag(definition: FlagDefinition, findSegment: FindSegment): FlagForm {
  const variants = readVariants(definition);
  const outcomes: Outcome[] = [];
  const outcomeOf = (outcome: Outcome): number => outcomes.push(outcome) - 1;
  outcomeOf({ variant: variantOf(variants, definition.off_variant), reason: 'DISABLED' });
  const { find, uses } = noting(findSegment);
  try {
    return { definition, uses, outcomes, live: compileLive(definition, variants, outcomeOf, find) };
  } catch (error) {
    return { definition, uses, outcomes, live: { problem: problemOf(error) } };
  }
}

type OutcomeOf = (outcome: Outcome) => number;
type Variants = ReadonlyMap<string, Variant>;

function readVariants({ variants, type }: FlagDefinition): Variants {
  for (const { name, value } of variants) {
    if (type !== 'json' && typeof value !== type) broken(`the variant ${name} is not a ${type}`);
  }
  return new Map(variants.map((variant) => [variant.name, variant]));
}

function variantOf(variants: Variants, name: string): Variant {
  return variants.get(name) ?? broken(`the variant ${name} is not defined`);
}

function compileLive(
  definition: FlagDefinition,
  variants: Variants,
  outcomeOf: OutcomeOf,
  findSegment: FindSegment,
): LiveForm {
  const { bucketing, rules } = definition;
  if (bucketing.algorithm !== 'spillway-1') broken(`the bucketing ${String(bucketing.algorithm)} is not known`);
  const { by } = bucketing;
  const seed = seedOf(bucketing.seed);
  const targets = compileTargets(definition, variants, outcomeOf);
  const compiled = rules.map(({ id, when, serve }): RuleForm => {
    const fixed = { reason: 'TARGETING_MATCH', rule: id } as const;
    const split = { reason: 'SPLIT', rule: id } as const;
    return {
      id,
      when: compileCondition(when, findSegment),
      serve: compileServe(serve, variants, outcomeOf, fixed, split),
    };
  });
  const plain = rules.length === 0 && targets.size === 0 ? 'STATIC' : 'DEFAULT';
  const fallthrough = compileServe(definition.fallthrough, variants, outcomeOf, { reason: plain }, { reason: 'SPLIT' });
  const decide = deciding(targets, compiled, fallthrough, by, seed);
  const live = { targets, rules: compiled, fallthrough, by, seed, decide };
  const constant = targets.size === 0 && rules.length === 0 && fallthrough.is === 'fixed';
  return constant ? { ...live, constant: fallthrough.outcome } : live;
}

function compileTargets(
  { targets }: FlagDefinition,
  variants: Variants,
  outcomeOf: OutcomeOf,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { variant, keys } of targets) {
    const outcome = outcomeOf({ variant: variantOf(variants, variant), reason: 'TARGETING_MATCH' });
    for (const key of keys) if (!found.has(key)) found.set(key, outcome);
  }
  return found;
}

function compileServe(
  serve: Serve,
  variants: Variants,
  outcomeOf: OutcomeOf,
  fixed: Omit<Outcome, 'variant'>,
  split: Omit<Outcome, 'variant'>,
): ServeForm {
  if ('variant' in serve) {
    return { is: 'fixed', outcome: outcomeOf({ variant: variantOf(variants, serve.variant), ...fixed }) };
  }
  const outcomes = serve.split.map((part) => outcomeOf({ variant: variantOf(variants, part.variant), ...split }));
  const shares = serve.split.map(shareOf);
  if (shares.reduce((sum, share) => sum + share, 0) !== SHARE_WHOLE) return broken('the parts of a split sum to 100');
  // All or nothing is for everyone, also for those who cannot be told apart.
  const whole = outcomes[shares.indexOf(SHARE_WHOLE)];
  if (whole !== undefined) return { is: 'fixed', outcome: whole };
  let end = 0;
  const ends = shares.map((share) => {
    end += share;
    return end;
  });
  return { is: 'split', ends, outcomes };
}

function shareOf({ percentage }: SplitPart): number {
  const share = Math.round(percentage * SHARES_PER_PERCENT);
  const whole = Math.abs(percentage * SHARES_PER_PERCENT - share) <= SHARE_SLACK;
  return whole && share >= 0 && share <= SHARE_WHOLE ? share : broken('a percentage is 0 to 100 with three decimals');
}

function deciding(
  targets: ReadonlyMap<string, number>,
  rules: readonly RuleForm[],
  fallthrough: ServeForm,
  by: string,
  seed: Seed,
): Decide {
  const bucketed = (serve: ServeForm) => serving(serve, by, seed);
  const otherwise = bucketed(fallthrough);
  const tests = rules.map((rule) => rule.when.test);
  const serves = rules.map((rule) => bucketed(rule.serve));
  return (context) => {
    if (typeof context !== 'object' || context === null || Array.isArray(context)) return INVALID_CONTEXT;
    if (targets.size > 0) {
      const key = bucketingText(attributeOf(context, 'targetingKey'));
      const target = key === undefined ? undefined : targets.get(key);
      if (target !== undefined) return target;
    }
    for (let index = 0; index < tests.length; index += 1) {
      if (tests[index]?.(context) === true) return serves[index]?.(context) ?? MISSING_KEY;
    }
    return otherwise(context);
  };
}

function serving(serve: ServeForm, by: string, seed: Seed): (context: EvaluationContext) => number {
  if (serve.is === 'fixed') return () => serve.outcome;
  const { ends, outcomes } = serve;
  const first = ends[0] ?? 0;
  const last = outcomes.length - 1;
  return (context) => {
    const key = bucketingText(attributeOf(context, by));
    if (key === undefined) return MISSING_KEY;
    const bucket = bucketIn(key, seed);
    let part = 0;
    if (bucket >= first) while (part < last && bucket >= (ends[part] ?? SHARE_WHOLE)) part += 1;
    return outcomes[part] ?? MISSING_KEY;
  };
}
