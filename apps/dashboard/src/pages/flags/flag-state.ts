import { counted, describeServe } from '@spillway/core/wording';
import type { Flag, FlagEnvironment } from '../../documents.ts';

/** A flag's state in an environment; one that is missing has the flag off. */
export function stateIn(flag: Flag, environment: string): FlagEnvironment {
  const state = flag.environments[environment];
  if (state !== undefined) return state;
  const first = flag.variants[0]?.name ?? 'on';
  const off = flag.variants.find((variant) => variant.name === 'off' || variant.value === false)?.name ?? first;
  const on = flag.variants.find((variant) => variant.name !== off)?.name ?? first;
  return {
    enabled: false,
    off_variant: off,
    targets: [],
    rules: [],
    fallthrough: { variant: on },
    bucketing: { algorithm: 'spillway-1', by: 'targetingKey', seed: flag.key },
  };
}

/** In one line: who gets what now. */
export function summaryOf(state: FlagEnvironment): string {
  if (!state.enabled) return `Everyone gets ${state.off_variant}`;
  const needs = state.prerequisites?.length ?? 0;
  const first = [
    needs > 0 ? counted(needs, 'prerequisite') : '',
    state.targets.length > 0
      ? counted(
          state.targets.reduce((sum, target) => sum + target.keys.length, 0),
          'individual target',
        )
      : '',
    state.rules.length > 0 ? counted(state.rules.length, 'rule') : '',
  ].filter((part) => part !== '');
  const rest = describeServe(state.fallthrough);
  return first.length === 0 ? `Everyone gets ${rest}` : `${first.join(', ')}, then ${rest}`;
}
