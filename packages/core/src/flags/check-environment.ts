import type { Bucketing } from '@spillway/evaluator';
import { checkRequiredText, checkText } from '../checked-text.ts';
import { isKey, KEY_RULE } from '../key.ts';
import { enumerate, type Problems, pointer } from '../problems.ts';
import { isUsableSchema } from '../value-schema/read-schema.ts';
import { checkCondition, conditionBudget } from './check-condition.ts';
import { checkPath } from './check-path.ts';
import { checkServe, checkVariantName, type Servable } from './check-serve.ts';
import type { Flag, FlagEnvironment, RuleBucketing } from './flag.ts';
import * as limits from './limits.ts';
import type { KnownFlags } from './requirements.ts';

export interface FlagSurroundings {
  readonly environments: ReadonlySet<string>;
  /** Without them it is not checked what a flag requires of others. */
  readonly flags?: KnownFlags;
  readonly segments: ReadonlySet<string>;
}

/** One environment's state, against the flag it belongs to; `base` is where it stands in the request. */
export function checkFlagEnvironment(
  state: FlagEnvironment,
  flag: Pick<Flag, 'type' | 'variants' | 'value_schema'>,
  base: string,
  around: FlagSurroundings,
  problems: Problems,
): void {
  const schema = flag.value_schema;
  const servable: Servable = {
    type: flag.type,
    names: new Set(flag.variants.map((variant) => variant.name)),
    ...(schema === undefined || !isUsableSchema(schema) ? {} : { valueSchema: schema }),
  };
  checkVariantName(state.off_variant, servable.names, pointer(base, 'off_variant'), problems);
  checkPrerequisites(state, base, problems);
  checkServe(state.fallthrough, servable, pointer(base, 'fallthrough'), problems);
  checkTargets(state, servable.names, base, problems);
  checkRules(state, servable, base, around, problems);
  checkBucketing(state.bucketing, pointer(base, 'bucketing'), problems);
}

/** Where a flag may be enabled at all. */
export function checkTargetEnvironment(
  state: Pick<FlagEnvironment, 'enabled'>,
  { target_environments: targets }: Pick<Flag, 'target_environments'>,
  environment: string,
  base: string,
  problems: Problems,
): void {
  if (!state.enabled || targets === undefined || targets.includes(environment)) return;
  problems.report(
    pointer(base, 'enabled'),
    `must be false in ${environment}: target_environments are ${enumerate(targets)}; add ${environment} to them first`,
  );
}

function checkPrerequisites(state: FlagEnvironment, base: string, problems: Problems): void {
  const { prerequisites = [] } = state;
  if (prerequisites.length > limits.MAX_PREREQUISITES) {
    problems.report(pointer(base, 'prerequisites'), `must be at most ${limits.MAX_PREREQUISITES}`);
    return;
  }
  const seen = new Set<string>();
  prerequisites.forEach(({ flag, variants }, index) => {
    const field = pointer(base, 'prerequisites', index);
    if (!isKey(flag)) problems.report(pointer(field, 'flag'), KEY_RULE);
    if (seen.has(flag)) problems.report(pointer(field, 'flag'), `repeats ${flag}; list all its variants in one place`);
    seen.add(flag);
    if (variants.length === 0 || variants.length > limits.MAX_VARIANTS) {
      problems.report(pointer(field, 'variants'), `must name 1 to ${limits.MAX_VARIANTS} variants of ${flag}`);
    }
  });
}

function checkTargets(state: FlagEnvironment, names: ReadonlySet<string>, base: string, problems: Problems): void {
  const owner = new Map<string, number>();
  let count = 0;
  state.targets.forEach((target, index) => {
    const field = pointer(base, 'targets', index);
    checkVariantName(target.variant, names, pointer(field, 'variant'), problems);
    checkPlace(target, field, problems);
    count += target.keys.length;
    if (count > limits.MAX_TARGET_KEYS) {
      problems.report(pointer(field, 'keys'), `are too many; ${limits.MAX_TARGET_KEYS} keys are allowed, use a rule`);
      return;
    }
    const place = JSON.stringify([target.by ?? 'targetingKey', ...(target.path ?? [])]);
    target.keys.forEach((key, at) => {
      const where = pointer(field, 'keys', at);
      checkRequiredText(key, where, limits.MAX_TARGETING_KEY_LENGTH, problems);
      const subject = `${place}${key}`;
      const other = owner.get(subject);
      if (other !== undefined && other !== index)
        problems.report(where, `is also in target ${other}; keep one of them`);
      owner.set(subject, index);
    });
  });
}

function checkRules(
  state: FlagEnvironment,
  flag: Servable,
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
    checkCondition(rule.when, pointer(field, 'when'), { segments: around.segments, of: 'rule', budget, problems });
    checkServe(rule.serve, flag, pointer(field, 'serve'), problems);
    if (rule.bucketing !== undefined) checkPlace(rule.bucketing, pointer(field, 'bucketing'), problems);
    if (rule.bucketing?.seed !== undefined) {
      const where = pointer(field, 'bucketing', 'seed');
      checkRequiredText(rule.bucketing.seed, where, limits.MAX_BUCKETING_TEXT_LENGTH, problems);
    }
  });
}

function checkBucketing(bucketing: Bucketing, field: string, problems: Problems): void {
  if (bucketing.algorithm !== 'spillway-1') problems.report(pointer(field, 'algorithm'), 'must be spillway-1');
  checkPlace(bucketing, field, problems);
  checkRequiredText(bucketing.seed, pointer(field, 'seed'), limits.MAX_BUCKETING_TEXT_LENGTH, problems);
}

/** The place of a context where a subject's key stands. */
function checkPlace({ by, path }: RuleBucketing, field: string, problems: Problems): void {
  if (by !== undefined) checkRequiredText(by, pointer(field, 'by'), limits.MAX_BUCKETING_TEXT_LENGTH, problems);
  else if (path !== undefined) problems.report(pointer(field, 'path'), 'needs `by`, the attribute it is followed in');
  checkPath(path, pointer(field, 'path'), problems);
}
