import type { Bucketing, Condition, Target } from '@spillway/evaluator';
import { type Problems, pointer } from '../problems.ts';
import { reportAsSent } from './as-sent.ts';
import { checkFlagEnvironment, checkTargetEnvironment, type FlagSurroundings } from './check-environment.ts';
import { plainCondition } from './condition-input.ts';
import type { Flag, FlagEnvironment, FlagRule } from './flag.ts';
import type { FlagEnvironmentInput, FlagRuleInput } from './input.ts';
import { expandShorthand } from './strategies.ts';

export interface Normalising extends FlagSurroundings {
  /** For rules that came without an id. */
  readonly newRuleId: () => string;
}

/** Which state of which flag is being written. */
export interface StatePlace {
  readonly flag: Flag;
  readonly environment: string;
  /** Where the state stands in the request. */
  readonly base: string;
  /** What was there, for the ids of rules. */
  readonly before: FlagEnvironment | undefined;
  /** What the input leaves out is as here. */
  readonly start: FlagEnvironment;
}

export function normaliseState(
  input: FlagEnvironmentInput,
  { flag, environment, base, before, start }: StatePlace,
  around: Normalising,
  problems: Problems,
): FlagEnvironment {
  const off_variant = input.off_variant ?? start.off_variant;
  const shorthand = expandShorthand(input, { flag, environment, offVariant: off_variant, base }, problems);
  const rules =
    input.rules === undefined
      ? start.rules
      : giveIds(plainRules(input.rules, base, around, problems), before?.rules ?? [], around);
  const prerequisites = input.prerequisites ?? start.prerequisites ?? [];
  const state: FlagEnvironment = {
    enabled: input.enabled ?? shorthand.enabled ?? start.enabled,
    off_variant,
    ...(prerequisites.length === 0
      ? {}
      : { prerequisites: prerequisites.map(({ flag: key, variants }) => ({ flag: key, variants: unique(variants) })) }),
    targets: (input.targets ?? shorthand.targets)?.map(plainTarget) ?? start.targets,
    rules,
    fallthrough: input.fallthrough ?? shorthand.fallthrough ?? start.fallthrough,
    bucketing: bucketingOf(input.bucketing ?? {}, start.bucketing),
  };
  checkFlagEnvironment(state, flag, base, around, reportAsSent(input, base, problems));
  checkTargetEnvironment(state, flag, environment, base, problems);
  return state;
}

function plainTarget({ variant, keys, by, path }: Target): Target {
  return {
    variant,
    keys: unique(keys),
    ...(by === undefined ? {} : { by }),
    ...(path === undefined ? {} : { path }),
  };
}

/** Whoever names an attribute names its path. */
function bucketingOf(input: NonNullable<FlagEnvironmentInput['bucketing']>, start: Bucketing): Bucketing {
  const path = input.path ?? (input.by === undefined ? start.path : undefined);
  return {
    algorithm: input.algorithm ?? start.algorithm,
    by: input.by ?? start.by,
    ...(path === undefined || path.length === 0 ? {} : { path }),
    seed: input.seed ?? start.seed,
  };
}

type Unnumbered = Omit<FlagRule, 'id'> & { readonly id?: string | undefined };

function plainRules(
  rules: readonly FlagRuleInput[],
  base: string,
  { segments }: Normalising,
  problems: Problems,
): readonly Unnumbered[] {
  return rules.map((rule, index) => {
    const when: Condition = plainCondition(rule.when, pointer(base, 'rules', index, 'when'), segments, problems);
    return { ...rule, when };
  });
}

function giveIds(rules: readonly Unnumbered[], before: readonly FlagRule[], around: Normalising): readonly FlagRule[] {
  const taken = new Set(rules.flatMap(({ id }) => (id === undefined ? [] : [id])));
  const known = new Map<string, string[]>();
  for (const rule of before) {
    if (taken.has(rule.id)) continue;
    const content = contentOf(rule);
    known.set(content, [...(known.get(content) ?? []), rule.id]);
  }
  return rules.map((rule) => {
    const { description, when, serve, bucketing } = rule;
    return {
      id: rule.id ?? known.get(contentOf(rule))?.shift() ?? around.newRuleId(),
      ...(description === undefined ? {} : { description }),
      when,
      serve,
      ...(bucketing === undefined ? {} : { bucketing }),
    };
  });
}

function contentOf({ description, when, serve, bucketing }: Omit<FlagRule, 'id'>): string {
  return JSON.stringify([description ?? null, when, serve, bucketing ?? null]);
}

function unique(list: readonly string[]): readonly string[] {
  return [...new Set(list)];
}
