import type { Variant } from '@spillway/evaluator';
import { own } from '../own.ts';
import type { Flag, FlagEnvironment } from './flag.ts';

/** The flag's state in an environment, also where nobody has configured one. */
export function stateIn(flag: Flag, environment: string): FlagEnvironment {
  return own(flag.environments, environment) ?? defaultState(flag);
}

/** What an environment has that nobody has configured: off, ready to be switched on for everyone. */
export function defaultState(flag: Pick<Flag, 'key' | 'variants'>): FlagEnvironment {
  return {
    enabled: false,
    off_variant: offVariant(flag.variants),
    targets: [],
    rules: [],
    fallthrough: { variant: onVariant(flag.variants) },
    bucketing: { algorithm: 'spillway-1', by: 'targetingKey', seed: flag.key },
  };
}

/** Boolean: the variant that is true; otherwise the first. */
export function onVariant(variants: readonly Variant[]): string {
  return (variants.find((variant) => variant.value === true) ?? variants[0])?.name ?? '';
}

/** Boolean: the variant that is false; otherwise one called `off`, or the first. */
export function offVariant(variants: readonly Variant[]): string {
  const off = variants.find(({ value }) => value === false) ?? variants.find(({ name }) => name === 'off');
  return (off ?? variants[0])?.name ?? '';
}
