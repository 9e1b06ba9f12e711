import { type FlagType, type Json, parseInstant, SHARE_WHOLE, type SplitPart } from '@spillway/evaluator';
import { checkJson } from '../json-bounds.ts';
import { enumerate, type Problems, pointer } from '../problems.ts';
import { mismatchOf } from '../value-schema/meets-schema.ts';
import type { FlagRamp, FlagServe, FlagStages, ValueSchema } from './flag.ts';
import { MAX_STAGES } from './limits.ts';
import { percentageOf, shareOf } from './shares.ts';

const PERCENTAGE_RULE = 'must be 0 to 100 with at most three decimals';
const INSTANT_RULE = 'must be an instant such as "2026-01-31T12:00:00Z"';

/** What a serve is checked against. */
export interface Servable {
  readonly type: FlagType;
  readonly names: ReadonlySet<string>;
  /** What served values have to meet, where there is such a thing and it can be used. */
  readonly valueSchema?: ValueSchema;
}

export function checkServe(serve: FlagServe, flag: Servable, field: string, problems: Problems): void {
  if ('variant' in serve) checkVariantName(serve.variant, flag.names, pointer(field, 'variant'), problems);
  else if ('split' in serve) checkSplit(serve.split, flag, pointer(field, 'split'), problems);
  else if ('value' in serve) checkServedValue(serve.value, flag, pointer(field, 'value'), problems);
  else if ('stages' in serve) checkStages(serve.stages, flag, pointer(field, 'stages'), problems);
  else checkRamp(serve.ramp, flag, pointer(field, 'ramp'), problems);
}

export function checkVariantName(name: string, names: ReadonlySet<string>, field: string, problems: Problems): void {
  if (!names.has(name)) problems.report(field, `names the unknown variant ${name}; known: ${enumerate(names)}`);
}

export function checkValue(value: Json, type: FlagType, field: string, problems: Problems): void {
  if (type === 'json' ? value !== undefined : typeof value === type) checkJson(value, field, problems);
  else problems.report(field, `must be a ${type}, as the flag's type says`);
}

function checkServedValue(value: Json, { type, valueSchema }: Servable, field: string, problems: Problems): void {
  const before = problems.found.length;
  checkValue(value, type, field, problems);
  const isProper = problems.found.length === before;
  if (isProper && valueSchema !== undefined) checkMeetsSchema(value, valueSchema, field, problems);
}

/** The schema was checked before. */
export function checkMeetsSchema(value: Json, schema: ValueSchema, field: string, problems: Problems): void {
  const mismatch = mismatchOf(value, schema);
  if (mismatch !== undefined) {
    problems.report(field + mismatch.path, `${mismatch.message}, as the flag's value_schema says`);
  }
}

function checkSplit(split: readonly SplitPart[], { names }: Servable, field: string, problems: Problems): void {
  const seen = new Set<string>();
  let sum = 0;
  for (const [index, part] of split.entries()) {
    const where = pointer(field, index);
    checkVariantName(part.variant, names, pointer(where, 'variant'), problems);
    if (seen.has(part.variant)) problems.report(pointer(where, 'variant'), `repeats ${part.variant}; add its parts up`);
    seen.add(part.variant);
    const share = shareOf(part.percentage);
    if (share === undefined) {
      problems.report(pointer(where, 'percentage'), PERCENTAGE_RULE);
      return;
    }
    sum += share;
  }
  if (sum !== SHARE_WHOLE) problems.report(field, `must sum to 100; it sums to ${percentageOf(sum)}`);
}

function checkStages(stages: FlagStages, flag: Servable, field: string, problems: Problems): void {
  const { variant, otherwise, steps } = stages;
  if (variant !== undefined) checkVariantName(variant, flag.names, pointer(field, 'variant'), problems);
  checkVariantName(otherwise, flag.names, pointer(field, 'otherwise'), problems);
  checkTwo(variant, otherwise, field, problems);
  if (steps.length === 0 || steps.length > MAX_STAGES) {
    problems.report(pointer(field, 'steps'), `must be 1 to ${MAX_STAGES}`);
    return;
  }
  let last = Number.NEGATIVE_INFINITY;
  steps.forEach((step, index) => {
    const where = pointer(field, 'steps', index);
    const from = checkInstant(step.from, pointer(where, 'from'), problems) ?? last;
    if (from < last) problems.report(pointer(where, 'from'), 'must not be before the step above it');
    last = from;
    if ('split' in step) checkSplit(step.split, flag, pointer(where, 'split'), problems);
    else {
      checkPercentage(step.percentage, pointer(where, 'percentage'), problems);
      if (variant === undefined) {
        problems.report(pointer(field, 'variant'), 'must say what the percentages are a percentage of');
      }
    }
  });
}

function checkRamp(ramp: FlagRamp, { names }: Servable, field: string, problems: Problems): void {
  checkVariantName(ramp.variant, names, pointer(field, 'variant'), problems);
  checkVariantName(ramp.otherwise, names, pointer(field, 'otherwise'), problems);
  checkTwo(ramp.variant, ramp.otherwise, field, problems);
  const from = checkInstant(ramp.from, pointer(field, 'from'), problems);
  const to = checkInstant(ramp.to, pointer(field, 'to'), problems);
  if (from !== undefined && to !== undefined && to <= from) {
    problems.report(pointer(field, 'to'), 'must be after `from`; for a change at one instant use stages');
  }
  checkPercentage(ramp.from_percentage, pointer(field, 'from_percentage'), problems);
  checkPercentage(ramp.to_percentage, pointer(field, 'to_percentage'), problems);
}

function checkTwo(variant: string | undefined, otherwise: string, field: string, problems: Problems): void {
  if (variant !== otherwise) return;
  problems.report(pointer(field, 'otherwise'), `must be another variant than ${variant}, or nothing would change`);
}

function checkInstant(text: string, field: string, problems: Problems): number | undefined {
  const instant = typeof text === 'string' ? parseInstant(text) : undefined;
  if (instant === undefined) problems.report(field, INSTANT_RULE);
  return instant;
}

function checkPercentage(percentage: number, field: string, problems: Problems): void {
  if (shareOf(percentage) === undefined) problems.report(field, PERCENTAGE_RULE);
}
