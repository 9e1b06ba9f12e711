import type { Json } from '@spillway/evaluator';
import { cannotCarry } from '../report.ts';
import { isSource, numberOf, type Source, sourceOf, sourcesOf, textOf } from '../source.ts';
import { byPriority, type Environment, type FeatureState, type Override, type Variant } from './environment.ts';
import { ruleOf } from './segments.ts';

/** An environment document, as SDKs get it that evaluate by themselves. */
export function documentEnvironment(file: Source): Environment | undefined {
  if (!Array.isArray(file.feature_states) || !isSource(file.project)) return undefined;
  const states = sourcesOf(file.feature_states, 'feature_states');
  // Of several with one name, the last is the one.
  const byName = new Map(states.map((state) => [featureNameIn(state) ?? '', state]));
  return {
    names: [...byName.keys()],
    ofFeature: (feature, notes) => ({
      key: textOf(file.api_key, 'the api_key of the environment'),
      name: (file.name ?? null) as Json,
      state: stateOf(byName.get(feature) ?? {}),
      overrides: byPriority([...bySegments(feature, file, notes), ...byIdentities(feature, file)]),
    }),
  };
}

function featureNameIn(state: unknown): string | undefined {
  const feature = isSource(state) ? state.feature : undefined;
  return isSource(feature) && typeof feature.name === 'string' ? feature.name : undefined;
}

function stateOf(source: Source): FeatureState {
  const feature = sourceOf(source.feature, 'the feature of a state');
  if (!feature.id) return cannotCarry('a state of it says no id of the feature, which SDKs need');
  const { django_id: id, featurestate_uuid: uuid, enabled, feature_state_value: value } = source;
  const isNumbered = id !== undefined && id !== null;
  const key = isNumbered
    ? String(id)
    : uuid === undefined || uuid === null
      ? undefined
      : textOf(uuid, 'featurestate_uuid');
  if (typeof enabled !== 'boolean') return cannotCarry('a state of it does not say whether it is enabled');
  textOf(feature.name, 'the name of a feature');
  return {
    enabled,
    value: value === undefined ? null : (value as Json),
    key,
    variants: variantsOf(source.multivariate_feature_state_values),
  };
}

interface Ordered extends Variant {
  readonly order: number | bigint;
}

/** In the order of their ids, or of their UUIDs read as numbers. */
function variantsOf(source: unknown): readonly Variant[] {
  const variants = sourcesOf(source, 'multivariate_feature_state_values').map((each): Ordered => {
    const { value } = sourceOf(each.multivariate_feature_option, 'the option of a variant');
    const weight = numberOf(each.percentage_allocation, 'the percentage_allocation of a variant');
    return { value: value === undefined ? null : (value as Json), weight, order: orderOf(each) };
  });
  const ordered = variants.toSorted((one, other) => (one.order < other.order ? -1 : one.order > other.order ? 1 : 0));
  return ordered.map(({ value, weight }) => ({ value, weight }));
}

const UUID = /^[0-9a-fA-F-]*[0-9a-fA-F][0-9a-fA-F-]*$/;

function orderOf({ id, mv_fs_value_uuid: uuid }: Source): number | bigint {
  if (id !== undefined && id !== null) return numberOf(id, 'the id of a variant');
  if (typeof uuid !== 'string' || !UUID.test(uuid))
    return cannotCarry('a variant has neither id nor UUID to be ordered by');
  return BigInt(`0x${uuid.replaceAll('-', '')}`);
}

/** `-Infinity` for an identity's own, Infinity for none said: the lowest goes first. */
function priorityOf({ feature_segment: segment }: Source): number {
  const priority = isSource(segment) ? segment.priority : undefined;
  return priority === undefined || priority === null ? Number.POSITIVE_INFINITY : numberOf(priority, 'a priority');
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
    if (hasTraits(environment)) notes.add(STORED_TRAITS);
    return states.map((state) => ({
      segment: { key: String(segment.id), rules },
      priority: priorityOf(state),
      state: stateOf(state),
    }));
  });
}

const STORED_TRAITS =
  'identities with overrides have traits in the file, which its SDK adds to those it is asked with: contexts have to say them';

function hasTraits({ identity_overrides: identities }: Source): boolean {
  return sourcesOf(identities, 'identity_overrides').some(
    ({ identity_traits: traits }) => Array.isArray(traits) && traits.length > 0,
  );
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

function identitySegment(identifiers: readonly string[]): Override['segment'] {
  const condition = { property: '$.identity.identifier', operator: 'IN', value: identifiers.join(',') };
  return { key: 'identity_override', rules: [{ type: 'ALL', conditions: [condition], rules: [] }] };
}
