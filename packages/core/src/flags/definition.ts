import {
  type FlagDefinition,
  type Prerequisite,
  parseInstant,
  type RuleDefinition,
  type ServeDefinition,
  type Stage,
} from '@spillway/evaluator';
import { stateIn } from './default-state.ts';
import type { Flag, FlagRule, FlagServe, FlagStage } from './flag.ts';

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
