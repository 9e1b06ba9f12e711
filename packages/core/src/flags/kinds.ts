import { SHARE_WHOLE, type SplitPart } from '@spillway/evaluator';
import { own } from '../own.ts';
import { defaultState, offVariant } from './default-state.ts';
import type { FlagKind } from './flag.ts';
import type { FlagEnvironmentInput, FlagInput, NewFlag, Strategy } from './input.ts';
import { BOOLEAN_VARIANTS, inferType } from './normalise.ts';
import { percentageOf } from './shares.ts';

export const FLAG_KINDS = [
  'boolean',
  'percentage',
  'user_list',
  'environment',
  'experiment',
] as const satisfies readonly FlagKind[];

/** What a flag of kind `percentage` starts with where nobody says another. */
export const STARTING_PERCENTAGE = 10;

/**
 * The flag that is made when somebody says what it is for: `strategy`, or the one that goes with its kind, in every
 * environment (those it is meant for, when it names them) that does not say by itself who gets it. What is prepared is
 * not turned on.
 */
export function prepareFlag(flag: NewFlag, environments: ReadonlySet<string>): FlagInput {
  const { strategy, ...input } = flag;
  if (strategy === undefined && input.kind === undefined) return input;
  const states = new Map(Object.entries(input.environments ?? {}));
  for (const environment of new Set(input.target_environments ?? environments)) {
    if (!environments.has(environment) || !isPrepared(flag, environment)) continue;
    const state = states.get(environment) ?? {};
    const start = startingStrategy(input, state, strategy);
    if (start !== undefined) states.set(environment, { ...state, strategy: start });
  }
  return states.size === 0 ? input : { ...input, environments: Object.fromEntries(states) };
}

/** Whether who gets the flag in an environment is not said there, but of the whole flag. */
export function isPrepared(flag: NewFlag, environment: string): boolean {
  return !saysWhoGetsIt(own(flag.environments ?? {}, environment) ?? {}, flag);
}

function saysWhoGetsIt(state: FlagEnvironmentInput, { kind, strategy }: NewFlag): boolean {
  const names = strategy === undefined ? kind === 'user_list' : strategy.type === 'user_list';
  return (
    state.fallthrough !== undefined ||
    state.percentage !== undefined ||
    state.strategy !== undefined ||
    (names && state.targets !== undefined)
  );
}

/** Undefined where the usual state is what is meant, or where there is nothing to choose between. */
function startingStrategy(
  flag: FlagInput,
  state: FlagEnvironmentInput,
  strategy: Strategy | undefined,
): Strategy | undefined {
  const type = flag.type ?? inferType(flag.variants);
  const variants = flag.variants ?? (type === 'boolean' ? BOOLEAN_VARIANTS : []);
  const names = variants.map(({ name }) => name);
  const off = state.off_variant ?? offVariant(variants);
  const released = type === 'boolean' ? variants.find(({ value }) => value === true)?.name : undefined;
  const variant = released ?? names.find((name) => name !== off);
  if (strategy !== undefined) return withVariant(strategy, variant);
  if (variant === undefined || variant === off) return undefined;
  switch (flag.kind) {
    case 'percentage':
      return { type: 'percentage', percentage: STARTING_PERCENTAGE, variant };
    case 'user_list':
      return { type: 'user_list', users: [], variant };
    case 'experiment':
      return { type: 'experiment', split: equalShares(names) };
    default: {
      const { fallthrough } = defaultState({ key: flag.key, variants });
      return 'variant' in fallthrough && fallthrough.variant === variant ? undefined : { type: 'all_users', variant };
    }
  }
}

function withVariant(strategy: Strategy, variant: string | undefined): Strategy {
  if (strategy.type === 'experiment' || strategy.variant !== undefined || variant === undefined) return strategy;
  return { ...strategy, variant };
}

/** What cannot be shared out evenly goes to the first. */
function equalShares(variants: readonly string[]): readonly SplitPart[] {
  const each = Math.floor(SHARE_WHOLE / variants.length);
  const first = SHARE_WHOLE - each * (variants.length - 1);
  return variants.map((variant, index) => ({ variant, percentage: percentageOf(index === 0 ? first : each) }));
}
