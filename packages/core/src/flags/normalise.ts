import { type FlagType, flagsAskedBy, type Variant } from '@spillway/evaluator';
import { own } from '../own.ts';
import { acceptUnless, collectProblems, enumerate, pointer } from '../problems.ts';
import type { Outcome } from '../refusal.ts';
import { checkFlagItself } from './check-flag.ts';
import { defaultState } from './default-state.ts';
import type { Flag, FlagEnvironment } from './flag.ts';
import type { FlagEnvironmentInput, FlagInput } from './input.ts';
import { type Normalising, normaliseState } from './normalise-state.ts';
import { checkRequirements } from './requirements.ts';

export const BOOLEAN_VARIANTS: readonly Variant[] = [
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
    ...(input.kind === undefined ? {} : { kind: input.kind }),
    description: input.description ?? '',
    owner: input.owner ?? '',
    tags: unique(input.tags),
    services: unique(input.services),
    variants: variants.map(({ name, value }) => ({ name, value })),
    ...(input.value_schema === undefined ? {} : { value_schema: input.value_schema }),
    lifecycle: 'active',
    ...(input.permanent === true ? { permanent: true } : {}),
    ...(input.managed_by === undefined ? {} : { managed_by: input.managed_by }),
    ...(input.parent === undefined ? {} : { parent: input.parent }),
    ...(input.target_environments === undefined ? {} : { target_environments: unique(input.target_environments) }),
    environments: {},
  };
  if (variants.length === 0) problems.report('/variants', `must be given for a ${type} flag: a name and a value each`);
  checkFlagItself(itself, around.environments, problems);
  const environments: [string, FlagEnvironment][] = [];
  for (const [name, state] of Object.entries(variants.length === 0 ? {} : (input.environments ?? {}))) {
    const base = pointer('/environments', name);
    if (!around.environments.has(name)) {
      problems.report(base, `is not an environment; known: ${enumerate(around.environments)}`);
      continue;
    }
    const before = previous && own(previous.environments, name);
    const place = { flag: itself, environment: name, base, before, start: defaultState(itself) };
    environments.push([name, normaliseState(state, place, around, problems)]);
  }
  const flag = { ...itself, environments: Object.fromEntries(environments) };
  const place = { environments: around.environments, fieldOf: (field: string) => field };
  if (around.flags !== undefined) checkRequirements(flag, around.flags, place, problems);
  return acceptUnless(problems, 'The flag', flag);
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
  const after = normaliseState(input, { flag, environment, base: '', before, start: before }, around, problems);
  const changed = { ...flag, environments: { ...flag.environments, [environment]: after } };
  const changesRequirements = input.prerequisites !== undefined || flagsAskedBy(after).length > 0;
  if (around.flags !== undefined && changesRequirements) {
    const base = pointer('/environments', environment);
    const fieldOf = (field: string) => (field.startsWith(base) ? field.slice(base.length) : field);
    checkRequirements(changed, around.flags, { environments: [environment], fieldOf }, problems);
  }
  return acceptUnless(problems, `The state in ${environment}`, changed);
}

/** The input that stands for a flag as it is. */
export function asFlagInput({ lifecycle: _, ...flag }: Flag): FlagInput {
  return flag;
}

export function inferType(variants: readonly Variant[] | undefined): FlagType {
  if (variants === undefined) return 'boolean';
  const [type, ...others] = new Set(variants.map(({ value }) => typeof value));
  if (others.length > 0) return 'json';
  return type === 'boolean' || type === 'string' || type === 'number' ? type : 'json';
}

function unique(list: readonly string[] | undefined): readonly string[] {
  return [...new Set(list)];
}
