import { type Serve, SHARE_WHOLE, type Variant } from '@spillway/evaluator';
import { checkJson } from '../json-bounds.ts';
import { isKey, KEY_RULE } from '../key.ts';
import { enumerate, type Problems, pointer } from '../problems.ts';
import { checkCondition, conditionBudget } from './check-condition.ts';
import type { Flag, FlagEnvironment } from './flag.ts';
import * as limits from './limits.ts';
import { percentageOf, shareOf } from './shares.ts';

export interface FlagSurroundings {
  readonly environments: ReadonlySet<string>;
  readonly segments: ReadonlySet<string>;
}

/** Everything about a flag except its environments. */
export function checkFlagItself(flag: Flag, problems: Problems): void {
  if (!isKey(flag.key)) problems.report('/key', KEY_RULE);
  checkText(flag.description, '/description', limits.MAX_DESCRIPTION_LENGTH, problems);
  checkText(flag.owner, '/owner', limits.MAX_OWNER_LENGTH, problems);
  checkKeys(flag.tags, '/tags', limits.MAX_TAGS, problems);
  checkKeys(flag.services, '/services', limits.MAX_FLAG_SERVICES, problems);
  checkVariants(flag, problems);
}

/** One environment's state, against the flag it belongs to; `base` is where it stands in the request. */
export function checkFlagEnvironment(
  state: FlagEnvironment,
  flag: Pick<Flag, 'variants'>,
  base: string,
  around: FlagSurroundings,
  problems: Problems,
): void {
  const names = new Set(flag.variants.map((variant) => variant.name));
  checkVariantName(state.off_variant, names, pointer(base, 'off_variant'), problems);
  checkServe(state.fallthrough, names, pointer(base, 'fallthrough'), problems);
  checkTargets(state, names, base, problems);
  checkRules(state, names, base, around, problems);
  checkBucketing(state, base, problems);
}

function checkVariants({ type, variants }: Flag, problems: Problems): void {
  if (variants.length > limits.MAX_VARIANTS) {
    problems.report('/variants', `must be at most ${limits.MAX_VARIANTS}`);
    return;
  }
  const seen = new Set<string>();
  variants.forEach((variant, index) => {
    const field = pointer('/variants', index);
    if (!isKey(variant.name)) problems.report(pointer(field, 'name'), KEY_RULE);
    if (seen.has(variant.name)) problems.report(pointer(field, 'name'), `repeats the name ${variant.name}`);
    seen.add(variant.name);
    if (hasType(variant, type)) checkJson(variant.value, pointer(field, 'value'), problems);
    else problems.report(pointer(field, 'value'), `must be a ${type}, as the flag's type says`);
  });
}

function hasType({ value }: Variant, type: Flag['type']): boolean {
  return type === 'json' ? value !== undefined : typeof value === type;
}

function checkTargets(state: FlagEnvironment, names: ReadonlySet<string>, base: string, problems: Problems): void {
  const owner = new Map<string, number>();
  let count = 0;
  state.targets.forEach((target, index) => {
    const field = pointer(base, 'targets', index);
    checkVariantName(target.variant, names, pointer(field, 'variant'), problems);
    count += target.keys.length;
    if (count > limits.MAX_TARGET_KEYS) {
      problems.report(pointer(field, 'keys'), `are too many; ${limits.MAX_TARGET_KEYS} keys are allowed, use a rule`);
      return;
    }
    target.keys.forEach((key, at) => {
      const where = pointer(field, 'keys', at);
      checkRequiredText(key, where, limits.MAX_TARGETING_KEY_LENGTH, problems);
      const other = owner.get(key);
      if (other !== undefined && other !== index)
        problems.report(where, `is also in target ${other}; keep one of them`);
      owner.set(key, index);
    });
  });
}

function checkRules(
  state: FlagEnvironment,
  names: ReadonlySet<string>,
  base: string,
  around: FlagSurroundings,
  problems: Problems,
): void {
  if (state.rules.length > limits.MAX_RULES) {
    problems.report(pointer(base, 'rules'), `must be at most ${limits.MAX_RULES}`);
    return;
  }
  const budget = conditionBudget();
  const seen = new Set<string>();
  state.rules.forEach((rule, index) => {
    const field = pointer(base, 'rules', index);
    if (!isKey(rule.id)) problems.report(pointer(field, 'id'), KEY_RULE);
    if (seen.has(rule.id)) problems.report(pointer(field, 'id'), `repeats the id ${rule.id}`);
    seen.add(rule.id);
    if (rule.description !== undefined) {
      checkText(rule.description, pointer(field, 'description'), limits.MAX_DESCRIPTION_LENGTH, problems);
    }
    checkCondition(rule.when, pointer(field, 'when'), { segments: around.segments, budget, problems });
    checkServe(rule.serve, names, pointer(field, 'serve'), problems);
  });
}

function checkServe(serve: Serve, names: ReadonlySet<string>, field: string, problems: Problems): void {
  if ('variant' in serve) {
    checkVariantName(serve.variant, names, pointer(field, 'variant'), problems);
    return;
  }
  const seen = new Set<string>();
  let sum = 0;
  for (const [index, part] of serve.split.entries()) {
    const where = pointer(field, 'split', index);
    checkVariantName(part.variant, names, pointer(where, 'variant'), problems);
    if (seen.has(part.variant)) problems.report(pointer(where, 'variant'), `repeats ${part.variant}; add its parts up`);
    seen.add(part.variant);
    const share = shareOf(part.percentage);
    if (share === undefined) {
      problems.report(pointer(where, 'percentage'), 'must be 0 to 100 with at most three decimals');
      return;
    }
    sum += share;
  }
  if (sum !== SHARE_WHOLE) {
    problems.report(pointer(field, 'split'), `must sum to 100; it sums to ${percentageOf(sum)}`);
  }
}

function checkBucketing({ bucketing }: FlagEnvironment, base: string, problems: Problems): void {
  const field = pointer(base, 'bucketing');
  if (bucketing.algorithm !== 'spillway-1') problems.report(pointer(field, 'algorithm'), 'must be spillway-1');
  checkRequiredText(bucketing.by, pointer(field, 'by'), limits.MAX_BUCKETING_TEXT_LENGTH, problems);
  checkRequiredText(bucketing.seed, pointer(field, 'seed'), limits.MAX_BUCKETING_TEXT_LENGTH, problems);
}

function checkVariantName(name: string, names: ReadonlySet<string>, field: string, problems: Problems): void {
  if (!names.has(name)) problems.report(field, `names the unknown variant ${name}; known: ${enumerate(names)}`);
}

function checkKeys(keys: readonly string[], field: string, most: number, problems: Problems): void {
  if (keys.length > most) problems.report(field, `must be at most ${most}`);
  keys.slice(0, most).forEach((key, index) => {
    if (!isKey(key)) problems.report(pointer(field, index), KEY_RULE);
  });
}

function checkRequiredText(text: string, field: string, most: number, problems: Problems): void {
  if (text === '') problems.report(field, 'must not be empty');
  checkText(text, field, most, problems);
}

function checkText(text: string, field: string, most: number, problems: Problems): void {
  if (text.length > most) problems.report(field, `must be at most ${most} characters long`);
  if (!text.isWellFormed()) problems.report(field, 'must be well-formed Unicode');
}
