import type { Json } from '@spillway/evaluator';
import { cannotCarry } from '../report.ts';
import { isSource, numberOf, type Source, sourceOf, sourcesOf, textOf } from '../source.ts';
import { byPriority, type Environment, type FeatureState, type Override, type Variant } from './environment.ts';
import { ruleOf, type Surroundings } from './segments.ts';
import { calledIn } from './states.ts';

/** `{environment, features, segments}`: what an engine is given with an identity, which is left to the contexts here. */
export function contextEnvironment(file: Source): Environment | undefined {
  const { environment, features, segments } = file;
  if (!isSource(environment) || !isSource(features)) return undefined;
  const byName = new Map(Object.entries(features).map(([key, feature]) => [nameIn(feature) ?? key, feature]));
  return {
    names: [...byName.keys()],
    ofFeature: (name, notes) => ({
      key: textOf(environment.key, 'the key of the environment'),
      name: (environment.name ?? null) as Json,
      state: stateOf(sourceOf(byName.get(name), 'the feature')),
      overrides: byPriority(overridesOf(name, segments, { notes, root: file })),
    }),
  };
}

function nameIn(feature: unknown): string | undefined {
  return isSource(feature) && typeof feature.name === 'string' ? feature.name : undefined;
}

function stateOf(source: Source): FeatureState {
  const { enabled, value, key, variants } = source;
  textOf(source.name, 'the name of a feature');
  if (typeof enabled !== 'boolean') return cannotCarry('it does not say whether it is enabled');
  return {
    enabled,
    value: value === undefined ? null : (value as Json),
    key: key === undefined || key === null ? undefined : String(key),
    variants: variantsOf(variants),
  };
}

/** In the order of their priorities, those without one last. */
function variantsOf(source: unknown): readonly Variant[] {
  const variants = sourcesOf(source, 'variants').map(({ value, weight, priority }) => ({
    value: value === undefined ? null : (value as Json),
    weight: numberOf(weight, 'the weight of a variant'),
    order: priorityOf(priority),
  }));
  const ordered = variants.toSorted((one, other) => (one.order < other.order ? -1 : one.order > other.order ? 1 : 0));
  return ordered.map(({ value, weight }) => ({ value, weight }));
}

function priorityOf(priority: unknown): number {
  return priority === undefined || priority === null ? Number.POSITIVE_INFINITY : numberOf(priority, 'a priority');
}

function overridesOf(feature: string, segments: unknown, around: Surroundings): readonly Override[] {
  if (segments === undefined || segments === null) return [];
  return Object.values(sourceOf(segments, 'segments')).flatMap((each) => {
    const segment = sourceOf(each, 'a segment');
    const overrides = sourcesOf(segment.overrides, 'the overrides of a segment');
    const own = overrides.filter((override) => nameIn(override) === feature);
    if (own.length === 0) return [];
    const rules = ruledBy(segment.rules).map((rule) => ruleOf(rule, around));
    const key = String(segment.key);
    return own.map((override) => ({
      segment: { key, rules },
      called: calledIn(segment, key),
      priority: priorityOf(override.priority),
      state: stateOf(override),
    }));
  });
}

function ruledBy(rules: unknown): readonly Source[] {
  return Array.isArray(rules)
    ? sourcesOf(rules, 'the rules of a segment').map(asWrittenInDocuments)
    : cannotCarry('a segment has no list of rules');
}

/** Documents have the same rules with another name for the property, and no list left out. */
function asWrittenInDocuments(rule: Source): Source {
  return {
    type: rule.type,
    conditions: sourcesOf(rule.conditions, 'the conditions of a rule').map(({ property, operator, value }) => ({
      ...{ property_: property, operator, value },
    })),
    rules: sourcesOf(rule.rules, 'the rules of a rule').map(asWrittenInDocuments),
  };
}
