import { SHARE_WHOLE, type Target, type Variant } from '@spillway/evaluator';
import { enumerate, type Problems, pointer } from '../problems.ts';
import type { Flag, FlagServe } from './flag.ts';
import type { FlagEnvironmentInput, Strategy } from './input.ts';
import { percentageOf, shareOf } from './shares.ts';

/** The parts of an environment's state that shorthands stand for. */
export interface Shorthand {
  readonly enabled?: boolean;
  readonly targets?: readonly Target[];
  readonly fallthrough?: FlagServe;
}

/** What a shorthand is written out for. */
export interface Occasion {
  readonly flag: Pick<Flag, 'type' | 'variants' | 'target_environments'>;
  readonly environment: string;
  readonly offVariant: string;
  /** Where the state stands in the request. */
  readonly base: string;
}

/** Writes out `percentage` or `strategy`; each takes the place of fields that must not be given beside it. */
export function expandShorthand(input: FlagEnvironmentInput, occasion: Occasion, problems: Problems): Shorthand {
  const { percentage, strategy, fallthrough, targets } = input;
  const given = [
    ...(fallthrough === undefined ? [] : ['fallthrough']),
    ...(percentage === undefined ? [] : ['percentage']),
    ...(strategy === undefined ? [] : ['strategy']),
  ];
  const shorthand = given.at(-1);
  if (given.length > 1 && shorthand !== undefined) {
    const others = enumerate(given.slice(0, -1));
    problems.report(pointer(occasion.base, shorthand), `is a shorthand for ${others}; give one of them`);
    return {};
  }
  if (strategy?.type === 'user_list' && targets !== undefined) {
    problems.report(
      pointer(occasion.base, 'strategy'),
      'of type user_list is a shorthand for targets; give one of them',
    );
    return {};
  }
  if (strategy !== undefined) return expandStrategy(strategy, occasion, problems);
  return percentage === undefined ? {} : expandPercentage(percentage, occasion, problems);
}

/** The `percentage` shorthand always makes a split with `on` first, so that raising it only ever adds users. */
function expandPercentage(percentage: number, { flag, base }: Occasion, problems: Problems): Shorthand {
  const field = pointer(base, 'percentage');
  const { on, off } = booleanVariants(flag.variants);
  if (flag.type !== 'boolean' || on === undefined || off === undefined) {
    problems.report(field, 'is for boolean flags with a true and a false variant; use fallthrough.split instead');
    return {};
  }
  const serve = shareOfUsers(percentage, on, off, field, problems);
  return serve === undefined ? {} : { fallthrough: serve };
}

function expandStrategy(strategy: Strategy, occasion: Occasion, problems: Problems): Shorthand {
  const { flag, environment, base } = occasion;
  const field = pointer(base, 'strategy');
  if (strategy.type === 'experiment') return { fallthrough: { split: strategy.split } };
  const variants = variantsOf(strategy, occasion, field, problems);
  if (variants === undefined) return {};
  const { variant, otherwise } = variants;
  switch (strategy.type) {
    case 'all_users':
      return { fallthrough: { variant } };
    case 'percentage': {
      const serve = shareOfUsers(strategy.percentage, variant, otherwise, pointer(field, 'percentage'), problems);
      return serve === undefined ? {} : { fallthrough: serve };
    }
    case 'user_list':
      return {
        targets: [{ variant, keys: [...new Set(strategy.users)] }],
        fallthrough: { variant: otherwise },
      };
    case 'environment': {
      const targets = flag.target_environments;
      if (targets === undefined) {
        problems.report(field, 'of type environment needs target_environments on the flag');
        return {};
      }
      return { enabled: targets.includes(environment), fallthrough: { variant } };
    }
    case 'gradual': {
      if ('stages' in strategy) return { fallthrough: { stages: { variant, otherwise, steps: strategy.stages } } };
      const { from, to, from_percentage, to_percentage } = strategy;
      return { fallthrough: { ramp: { variant, otherwise, from, to, from_percentage, to_percentage } } };
    }
  }
}

function variantsOf(
  strategy: Exclude<Strategy, { type: 'experiment' }>,
  { flag, offVariant }: Occasion,
  field: string,
  problems: Problems,
): { readonly variant: string; readonly otherwise: string } | undefined {
  const { on, off } = booleanVariants(flag.variants);
  const variant = strategy.variant ?? (flag.type === 'boolean' ? on : undefined);
  const otherwise = (flag.type === 'boolean' ? off : undefined) ?? offVariant;
  if (variant === undefined) {
    problems.report(
      pointer(field, 'variant'),
      `must name the variant to release: ${enumerate(namesOf(flag.variants))}`,
    );
    return undefined;
  }
  if (!namesOf(flag.variants).includes(variant)) {
    const known = enumerate(namesOf(flag.variants));
    problems.report(pointer(field, 'variant'), `names the unknown variant ${variant}; known: ${known}`);
    return undefined;
  }
  if (variant === otherwise && strategy.type !== 'all_users' && strategy.type !== 'environment') {
    problems.report(pointer(field, 'variant'), `must be another variant than ${otherwise}, which the others get`);
    return undefined;
  }
  return { variant, otherwise };
}

function shareOfUsers(
  percentage: number,
  variant: string,
  otherwise: string,
  field: string,
  problems: Problems,
): FlagServe | undefined {
  const share = shareOf(percentage);
  if (share === undefined) {
    problems.report(field, 'must be 0 to 100 with at most three decimals');
    return undefined;
  }
  return {
    split: [
      { variant, percentage: percentageOf(share) },
      { variant: otherwise, percentage: percentageOf(SHARE_WHOLE - share) },
    ],
  };
}

function booleanVariants(variants: readonly Variant[]): { readonly on?: string; readonly off?: string } {
  const on = variants.find(({ value }) => value === true)?.name;
  const off = variants.find(({ value }) => value === false)?.name;
  return { ...(on === undefined ? {} : { on }), ...(off === undefined ? {} : { off }) };
}

function namesOf(variants: readonly Variant[]): readonly string[] {
  return variants.map(({ name }) => name);
}
