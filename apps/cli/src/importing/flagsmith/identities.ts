import { type Source, sourceOf, sourcesOf, textOf } from '../source.ts';
import type { FeatureState, Override } from './environment.ts';
import { stateOf, statesFor } from './states.ts';

interface Group {
  readonly identifiers: readonly string[];
  /** Of all features. */
  readonly states: readonly Source[];
}

/** What an environment has for single identities, feature by feature. */
export function createIdentityOverrides(environment: Source): (feature: string) => readonly Override[] {
  let groups: readonly Group[] | undefined;
  return (feature) => {
    groups ??= groupsIn(environment);
    return overridesOf(
      groups.flatMap(({ identifiers, states }) =>
        statesFor(feature, states).map((state) => ({ identifiers, state: stateOf(state) })),
      ),
    );
  };
}

/** Identities with the same overrides are one group, whose states are those of the first. */
function groupsIn(environment: Source): readonly Group[] {
  const groups = new Map<string, { identifiers: string[]; states: readonly Source[] }>();
  for (const identity of sourcesOf(environment.identity_overrides, 'identity_overrides')) {
    const states = sourcesOf(identity.identity_features, 'the overrides of an identity');
    if (states.length === 0) continue;
    const text = groupOf(states);
    const group = groups.get(text);
    const identifier = textOf(identity.identifier, 'the identifier of an override');
    if (group === undefined) groups.set(text, { identifiers: [identifier], states });
    else group.identifiers.push(identifier);
  }
  return [...groups.values()];
}

/** What is the same for all identities of a group. */
function groupOf(states: readonly Source[]): string {
  const named = states.map(({ feature, ...state }) => {
    const { enabled, feature_state_value: value, multivariate_feature_state_values: variants } = state;
    const { id, name } = sourceOf(feature, 'the feature of an override');
    const shown = sourcesOf(variants, 'variants').map((each) => {
      const option = sourceOf(each.multivariate_feature_option, 'the option of a variant');
      return { value: option.value, weight: each.percentage_allocation, priority: each.id ?? each.mv_fs_value_uuid };
    });
    return { name: String(name), enabled, value, variants: shown, id };
  });
  return JSON.stringify(named.toSorted((one, other) => one.name.localeCompare(other.name)));
}

interface Overridden {
  readonly identifiers: readonly string[];
  readonly state: FeatureState;
}

function overridesOf(all: readonly Overridden[]): readonly Override[] {
  const identifiers = all.flatMap((each) => each.identifiers);
  const isPlain = new Set(identifiers).size === identifiers.length && !identifiers.some((each) => /[,[]/.test(each));
  const told = isPlain
    ? joined(all).map((each) => ({ ...each, value: each.identifiers }))
    : // A group is found by the identifiers between commas, or in a list of JSON, as engines have it.
      all.map((each) => ({ ...each, value: each.identifiers.join(',') }));
  return told.map(({ value, state }) => ({
    segment: identitySegment(value),
    priority: Number.NEGATIVE_INFINITY,
    state,
  }));
}

/** Those for whom the feature is the same are one, whatever they have of other features. */
function joined(all: readonly Overridden[]): readonly Overridden[] {
  const byState = new Map<string, { identifiers: string[]; state: FeatureState }>();
  for (const { identifiers, state } of all) {
    const text = JSON.stringify(state.variants.length > 0 ? state : { ...state, key: null });
    const same = byState.get(text);
    if (same === undefined) byState.set(text, { identifiers: [...identifiers], state });
    else same.identifiers.push(...identifiers);
  }
  return [...byState.values()];
}

function identitySegment(value: string | readonly string[]): Override['segment'] {
  const condition = { property: '$.identity.identifier', operator: 'IN', value };
  return { key: 'identity_override', rules: [{ type: 'ALL', conditions: [condition], rules: [] }] };
}
