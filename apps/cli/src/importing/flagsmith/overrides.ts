import { cannotCarry } from '../report.ts';
import { isSource, type Source, sourceOf, sourcesOf, textOf } from '../source.ts';
import type { Test } from '../stepwise.ts';
import { type FeatureState, featureNameIn, priorityOf, stateOf } from './environment.ts';
import { ruleOf } from './segments.ts';

/** A state of a feature for some, the first of all that apply going before the others. */
export interface Override {
  readonly segment: Test;
  readonly priority: number;
  readonly state: FeatureState;
}

/** For one feature, in the order in which they go before one another. */
export function overridesOf(feature: string, environment: Source, notes: Set<string>): readonly Override[] {
  const all = [...bySegments(feature, environment, notes), ...byIdentities(feature, environment)];
  return all.toSorted((one, other) => (one.priority === other.priority ? 0 : one.priority < other.priority ? -1 : 1));
}

function bySegments(feature: string, environment: Source, notes: Set<string>): readonly Override[] {
  const project = sourceOf(environment.project, 'the project of the environment');
  const segments = Object.values(
    // Ids that are numbers are in their order, whatever the order of the file.
    Object.fromEntries(sourcesOf(project.segments, 'segments').map((segment) => [String(segment.id), segment])),
  );
  return segments.flatMap((segment) => {
    const states = statesFor(feature, segment.feature_states);
    if (states.length === 0) return [];
    const rules = sourcesOf(segment.rules, 'the rules of a segment').map((rule) => ruleOf(rule, notes));
    return states.map((state) => ({
      segment: { key: String(segment.id), rules },
      priority: priorityOf(state),
      state: stateOf(state),
    }));
  });
}

function statesFor(feature: string, states: unknown): readonly Source[] {
  return Array.isArray(states) ? states.filter((state) => featureNameIn(state) === feature) : [];
}

/**
 * Identities with the same overrides are one group, whose states are those of the first; a group is found by the
 * identifiers between commas, as engines have it.
 */
function byIdentities(feature: string, environment: Source): readonly Override[] {
  const groups = new Map<string, { identifiers: string[]; states: readonly Source[] }>();
  for (const identity of sourcesOf(environment.identity_overrides, 'identity_overrides')) {
    const states = identity.identity_features;
    if (!Array.isArray(states) || states.length === 0) continue;
    const text = groupOf(states);
    const group = groups.get(text);
    const identifier = textOf(identity.identifier, 'the identifier of an override');
    if (group === undefined) groups.set(text, { identifiers: [identifier], states: statesFor(feature, states) });
    else group.identifiers.push(identifier);
  }
  return [...groups.values()].flatMap(({ identifiers, states }) =>
    states.map((state) => ({
      segment: identitySegment(identifiers),
      priority: Number.NEGATIVE_INFINITY,
      state: stateOf(state),
    })),
  );
}

/** What is the same for all identities of a group. */
function groupOf(states: readonly unknown[]): string {
  const named = states.map((state) => {
    const source = isSource(state) ? state : cannotCarry('an override of an identity is not an object');
    const { enabled, feature_state_value: value, multivariate_feature_state_values: variants } = source;
    const { id, name } = sourceOf(source.feature, 'the feature of an override');
    const shown = sourcesOf(variants, 'variants').map((each) => {
      const option = sourceOf(each.multivariate_feature_option, 'the option of a variant');
      return { value: option.value, weight: each.percentage_allocation, priority: each.id ?? each.mv_fs_value_uuid };
    });
    return { name: String(name), enabled, value, variants: shown, id };
  });
  return JSON.stringify(named.toSorted((one, other) => one.name.localeCompare(other.name)));
}

function identitySegment(identifiers: readonly string[]): Test {
  const condition = { property: '$.identity.identifier', operator: 'IN', value: identifiers.join(',') };
  return { key: 'identity_override', rules: [{ type: 'ALL', conditions: [condition], rules: [] }] };
}
