import {
  type FlagDefinition,
  type Prerequisite,
  parseInstant,
  type RuleDefinition,
  type ServeDefinition,
  type Stage,
  type Variant,
} from '@spillway/evaluator';
import { own } from '../own.ts';
import type { Flag, FlagEnvironment, FlagRule, FlagServe, FlagStage } from './flag.ts';

/**
 * The flag as one environment sees it; undefined for an archived flag, which no environment sees. `parent` is the flag that
 * it names as such, undefined where there is none any more: then the flag serves its off variant.
 */
export function defineFlag(
  flag: Flag,
  version: number,
  environment: string,
  parent: Flag | undefined,
): FlagDefinition | undefined {
  if (flag.lifecycle === 'archived') return undefined;
  const state = stateIn(flag, environment);
  const prerequisites = [
    ...(flag.parent === undefined ? [] : [inheritedFrom(flag.parent, parent, environment)]),
    ...(state.prerequisites ?? []),
  ];
  return {
    key: flag.key,
    version,
    type: flag.type,
    variants: flag.variants,
    services: flag.services,
    enabled: state.enabled,
    off_variant: state.off_variant,
    ...(prerequisites.length === 0 ? {} : { prerequisites }),
    targets: state.targets,
    rules: state.rules.map(defineRule),
    fallthrough: defineServe(state.fallthrough),
    bucketing: state.bucketing,
  };
}

/** Met by whatever the parent serves but its off variant. */
function inheritedFrom(key: string, parent: Flag | undefined, environment: string): Prerequisite {
  if (parent === undefined || parent.lifecycle === 'archived') return { flag: key, variants: [] };
  const { off_variant: off } = stateIn(parent, environment);
  return { flag: key, variants: parent.variants.map(({ name }) => name).filter((name) => name !== off) };
}

function defineRule(rule: FlagRule): RuleDefinition {
  return { ...rule, serve: defineServe(rule.serve) };
}

function defineServe(serve: FlagServe): ServeDefinition {
  if ('stages' in serve) return { stages: { ...serve.stages, steps: serve.stages.steps.map(defineStage) } };
  if (!('ramp' in serve)) return serve;
  const { from, to, ...ramp } = serve.ramp;
  return { ramp: { ...ramp, from_ms: millisecondsOf(from), to_ms: millisecondsOf(to) } };
}

function defineStage(stage: FlagStage): Stage {
  const { from, ...share } = stage;
  return { ...share, from_ms: millisecondsOf(from) };
}

/** Times were checked when they were written; one that cannot be read never comes. */
function millisecondsOf(instant: string): number {
  return parseInstant(instant) ?? Number.MAX_SAFE_INTEGER;
}

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
