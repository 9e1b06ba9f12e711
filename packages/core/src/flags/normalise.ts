import type { FlagType, Rule, Serve, Variant } from '@spillway/evaluator';
import { own } from '../own.ts';
import { acceptUnless, collectProblems, enumerate, type Problems, pointer } from '../problems.ts';
import type { Outcome } from '../refusal.ts';
import { checkFlagEnvironment, checkFlagItself, type FlagSurroundings } from './check-flag.ts';
import { defaultState } from './definition.ts';
import type { Flag, FlagEnvironment } from './flag.ts';
import type { FlagEnvironmentInput, FlagInput } from './input.ts';
import { percentageOf, shareOf } from './shares.ts';

export interface Normalising extends FlagSurroundings {
  /** For rules that came without an id. */
  readonly newRuleId: () => string;
}

const BOOLEAN_VARIANTS: readonly Variant[] = [
  { name: 'on', value: true },
  { name: 'off', value: false },
];

/**
 * The whole flag that a person's input stands for, checked. With `previous`, rules that came without an id and are
 * unchanged keep the id they had. Refuses `invalid` with every problem found.
 */
export function normaliseFlag(input: FlagInput, previous: Flag | undefined, around: Normalising): Outcome<Flag> {
  const problems = collectProblems();
  const type = input.type ?? inferType(input.variants);
  const variants = input.variants ?? (type === 'boolean' ? BOOLEAN_VARIANTS : []);
  const itself: Flag = {
    key: input.key,
    type,
    description: input.description ?? '',
    owner: input.owner ?? '',
    tags: unique(input.tags),
    services: unique(input.services),
    variants: variants.map(({ name, value }) => ({ name, value })),
    lifecycle: 'active',
    environments: {},
  };
  if (variants.length === 0) problems.report('/variants', `must be given for a ${type} flag: a name and a value each`);
  checkFlagItself(itself, problems);
  const environments: [string, FlagEnvironment][] = [];
  for (const [name, state] of Object.entries(variants.length === 0 ? {} : (input.environments ?? {}))) {
    const base = pointer('/environments', name);
    if (!around.environments.has(name)) {
      problems.report(base, `is not an environment; known: ${enumerate(around.environments)}`);
      continue;
    }
    const before = previous && own(previous.environments, name);
    environments.push([name, normaliseState(state, defaultState(itself), before, itself, base, around, problems)]);
  }
  return acceptUnless(problems, 'The flag', { ...itself, environments: Object.fromEntries(environments) });
}

/** The flag with one environment changed as the input says; what the input leaves out stays. */
export function changeFlagEnvironment(
  flag: Flag,
  environment: string,
  input: FlagEnvironmentInput,
  around: Normalising,
): Outcome<Flag> {
  const problems = collectProblems();
  const before = own(flag.environments, environment) ?? defaultState(flag);
  const after = normaliseState(input, before, before, flag, '', around, problems);
  return acceptUnless(problems, `The state in ${environment}`, {
    ...flag,
    environments: { ...flag.environments, [environment]: after },
  });
}

function normaliseState(
  input: FlagEnvironmentInput,
  start: FlagEnvironment,
  before: FlagEnvironment | undefined,
  flag: Flag,
  base: string,
  around: Normalising,
  problems: Problems,
): FlagEnvironment {
  const state: FlagEnvironment = {
    enabled: input.enabled ?? start.enabled,
    off_variant: input.off_variant ?? start.off_variant,
    targets: input.targets?.map(({ variant, keys }) => ({ variant, keys: unique(keys) })) ?? start.targets,
    rules: input.rules === undefined ? start.rules : giveIds(input.rules, before?.rules ?? [], around),
    fallthrough: fallthroughOf(input, flag, base, problems) ?? start.fallthrough,
    bucketing: {
      algorithm: input.bucketing?.algorithm ?? start.bucketing.algorithm,
      by: input.bucketing?.by ?? start.bucketing.by,
      seed: input.bucketing?.seed ?? start.bucketing.seed,
    },
  };
  checkFlagEnvironment(state, flag, base, around, problems);
  return state;
}

/** The `percentage` shorthand always makes a split with `on` first, so that raising it only ever adds users. */
function fallthroughOf(input: FlagEnvironmentInput, flag: Flag, base: string, problems: Problems): Serve | undefined {
  if (input.percentage === undefined) return input.fallthrough;
  const field = pointer(base, 'percentage');
  if (input.fallthrough !== undefined) {
    problems.report(field, 'is a shorthand for fallthrough; give one of the two');
    return undefined;
  }
  const on = flag.variants.find(({ value }) => value === true)?.name;
  const off = flag.variants.find(({ value }) => value === false)?.name;
  if (flag.type !== 'boolean' || on === undefined || off === undefined) {
    problems.report(field, 'is for boolean flags with a true and a false variant; use fallthrough.split instead');
    return undefined;
  }
  const share = shareOf(input.percentage);
  if (share === undefined) {
    problems.report(field, 'must be 0 to 100 with at most three decimals');
    return undefined;
  }
  return {
    split: [
      { variant: on, percentage: percentageOf(share) },
      { variant: off, percentage: percentageOf(100_000 - share) },
    ],
  };
}

function giveIds(
  rules: NonNullable<FlagEnvironmentInput['rules']>,
  before: readonly Rule[],
  around: Normalising,
): readonly Rule[] {
  const taken = new Set(rules.flatMap(({ id }) => (id === undefined ? [] : [id])));
  const known = new Map<string, string[]>();
  for (const rule of before) {
    if (taken.has(rule.id)) continue;
    const content = contentOf(rule);
    known.set(content, [...(known.get(content) ?? []), rule.id]);
  }
  return rules.map((rule) => {
    const id = rule.id ?? known.get(contentOf(rule))?.shift() ?? around.newRuleId();
    const { description, when, serve } = rule;
    return description === undefined ? { id, when, serve } : { id, description, when, serve };
  });
}

function contentOf({ description, when, serve }: Omit<Rule, 'id'>): string {
  return JSON.stringify([description ?? null, when, serve]);
}

function inferType(variants: readonly Variant[] | undefined): FlagType {
  if (variants === undefined) return 'boolean';
  const [type, ...others] = new Set(variants.map(({ value }) => typeof value));
  if (others.length > 0) return 'json';
  return type === 'boolean' || type === 'string' || type === 'number' ? type : 'json';
}

function unique(list: readonly string[] | undefined): readonly string[] {
  return [...new Set(list)];
}
