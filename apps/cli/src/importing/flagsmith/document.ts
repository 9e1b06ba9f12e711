import type { Json } from '@spillway/evaluator';
import { isSource, numberOf, type Source, sourceOf, sourcesOf, textOf } from '../source.ts';
import { byPriority, type Environment, type Override } from './environment.ts';
import { createIdentityOverrides } from './identities.ts';
import { ruleOf, type Surroundings } from './segments.ts';
import { calledIn, featureNameIn, keyOf, stateOf, statesFor } from './states.ts';

/** An environment document, as SDKs get it that evaluate by themselves. */
export function documentEnvironment(file: Source): Environment | undefined {
  if (!Array.isArray(file.feature_states) || !isSource(file.project)) return undefined;
  const states = sourcesOf(file.feature_states, 'feature_states');
  // Of several with one name, the last is the one.
  const byName = new Map(states.map((state) => [featureNameIn(state) ?? '', state]));
  const byIdentities = createIdentityOverrides(file);
  const root = engineContextOf(file);
  return {
    names: [...byName.keys()],
    ofFeature: (feature, notes) => ({
      key: textOf(file.api_key, 'the api_key of the environment'),
      name: (file.name ?? null) as Json,
      state: stateOf(byName.get(feature) ?? {}),
      overrides: byPriority([...bySegments(feature, file, { notes, root }), ...byIdentities(feature)]),
    }),
  };
}

/** What SDKs make of it for their engine, as far as conditions can ask for single values in it. */
function engineContextOf({ api_key: key, name, feature_states: states, project }: Source): Source {
  const features = listed(states).map((state) => {
    const { enabled, feature_state_value: value, multivariate_feature_state_values: variants, feature } = state;
    const { id, name: own } = isSource(feature) ? feature : {};
    return [String(own), { key: keyOf(state), name: own, enabled, value, variants, metadata: { id } }] as const;
  });
  const segments = listed(isSource(project) ? project.segments : undefined).map(({ id, name: own, rules }) => {
    const metadata = { source: 'api', id };
    return [String(id), { key: String(id), name: own, rules, overrides: [], metadata }] as const;
  });
  return {
    environment: { key, name },
    features: Object.fromEntries(features),
    segments: Object.fromEntries(segments),
  };
}

function listed(list: unknown): readonly Source[] {
  return Array.isArray(list) ? list.filter(isSource) : [];
}

/** `-Infinity` for an identity's own, Infinity for none said: the lowest goes first. */
function priorityOf({ feature_segment: segment }: Source): number {
  const priority = isSource(segment) ? segment.priority : undefined;
  return priority === undefined || priority === null ? Number.POSITIVE_INFINITY : numberOf(priority, 'a priority');
}

function bySegments(feature: string, environment: Source, around: Surroundings): readonly Override[] {
  const project = sourceOf(environment.project, 'the project of the environment');
  const segments = Object.values(
    // Ids that are numbers are in their order, whatever the order of the file.
    Object.fromEntries(sourcesOf(project.segments, 'segments').map((segment) => [String(segment.id), segment])),
  );
  return segments.flatMap((segment) => {
    const states = statesFor(feature, segment.feature_states);
    if (states.length === 0) return [];
    const rules = sourcesOf(segment.rules, 'the rules of a segment').map((rule) => ruleOf(rule, around));
    if (hasTraits(environment)) around.notes.add(STORED_TRAITS);
    return states.map((state) => ({
      segment: { key: String(segment.id), rules },
      called: calledIn(segment, segment.id),
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
