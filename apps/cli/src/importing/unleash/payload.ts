import { isSource, type Source } from '../source.ts';

/** What one environment says of a feature. */
export interface FeatureState {
  readonly enabled: unknown;
  readonly strategies: unknown;
  readonly variants: unknown;
  /** Why this cannot be carried, found out where it was read. */
  readonly problem?: string;
}

export interface Feature {
  readonly description: unknown;
  readonly impressionData: unknown;
  readonly dependencies: unknown;
  /** By environment; a client's payload is of one that it does not name. */
  readonly states: ReadonlyMap<string | undefined, FeatureState>;
}

/** By id; an export may name a segment and leave its constraints out. */
export type Segments = ReadonlyMap<unknown, Source | 'not in the file'>;

export interface Payload {
  readonly features: ReadonlyMap<string, Feature>;
  readonly segments: Segments;
}

/** What clients get (whole, or as events), or an export of the admin API; undefined for anything else. */
export function payloadOf(file: unknown): Payload | undefined {
  if (!isSource(file)) return undefined;
  if (Array.isArray(file.events)) return payloadOfEvents(file.events);
  if (!Array.isArray(file.features)) return undefined;
  if (Array.isArray(file.featureStrategies)) return payloadOfExport(file);
  return { features: featuresIn(file.features), segments: segmentsIn(file.segments) };
}

/** Of things with one name, the SDK keeps the last. */
function featuresIn(list: unknown): Map<string, Feature> {
  return new Map(listed(list).map((feature) => [String(feature.name), featureOf(feature)]));
}

function featureOf(feature: Source): Feature {
  const { description, impressionData, dependencies, enabled, strategies, variants } = feature;
  return {
    description,
    impressionData,
    dependencies,
    states: new Map([[undefined, { enabled, strategies, variants }]]),
  };
}

function segmentsIn(list: unknown): Map<unknown, Source | 'not in the file'> {
  return new Map(listed(list).map((segment) => [segment.id, segment]));
}

export function listed(list: unknown): readonly Source[] {
  return Array.isArray(list) ? list.filter(isSource) : [];
}

function payloadOfEvents(events: readonly unknown[]): Payload {
  let features = new Map<string, Feature>();
  let segments = new Map<unknown, Source | 'not in the file'>();
  for (const event of listed(events)) {
    if (event.type === 'hydration') {
      features = featuresIn(event.features);
      segments = segmentsIn(event.segments);
    }
    if (event.type === 'feature-updated')
      for (const [name, feature] of featuresIn([event.feature])) features.set(name, feature);
    if (event.type === 'feature-removed') features.delete(String(event.featureName));
    if (event.type === 'segment-updated')
      for (const [id, segment] of segmentsIn([event.segment])) segments.set(id, segment);
    if (event.type === 'segment-removed') segments.delete(event.segmentId);
  }
  return { features, segments };
}

/** An export keeps what belongs together in lists of its own, and an environment or several beside one another. */
function payloadOfExport(file: Source): Payload {
  const states = listed(file.featureEnvironments);
  const strategies = listed(file.featureStrategies);
  const named = [...states, ...strategies].flatMap(({ environment }) =>
    typeof environment === 'string' ? [environment] : [],
  );
  const environments = named.length === 0 ? [undefined] : [...new Set(named)];
  const features = listed(file.features).map((feature) => {
    const name = String(feature.name);
    const own = environments.map((each) => [each, stateOf(name, each, feature, file)] as const);
    const { description, impressionData } = feature;
    return [
      name,
      { description, impressionData, dependencies: dependenciesOf(feature, file), states: new Map(own) },
    ] as const;
  });
  return { features: new Map(features), segments: segmentsOfExport(file) };
}

function segmentsOfExport({ segments }: Source): Segments {
  return new Map(
    listed(segments).map((segment) => [segment.id, segment.constraints === undefined ? 'not in the file' : segment]),
  );
}

function dependenciesOf({ name, dependencies }: Source, file: Source): unknown {
  const found = listed(file.dependencies).find(({ feature }) => feature === name);
  return found?.dependencies ?? dependencies;
}

function stateOf(name: string, environment: string | undefined, feature: Source, file: Source): FeatureState {
  const isOwn = (part: Source) => part.featureName === name && (part.environment ?? environment) === environment;
  const state = listed(file.featureEnvironments).find((part) =>
    isOwn({ ...part, featureName: part.featureName ?? part.name }),
  );
  const strategies = listed(file.featureStrategies).filter(isOwn);
  const active = strategies.filter(({ disabled }) => disabled !== true);
  const problem = problemOf(feature, file, state, strategies.length > 0 && active.length === 0);
  return {
    enabled: state?.enabled ?? (file.featureEnvironments === undefined ? feature.enabled : false),
    strategies: active.sort((one, other) => orderOf(one) - orderOf(other)).map((each) => strategyOf(each, file)),
    variants: Array.isArray(state?.variants) && state.variants.length > 0 ? state.variants : feature.variants,
    ...(problem === undefined ? {} : { problem }),
  };
}

function problemOf(
  feature: Source,
  file: Source,
  state: Source | undefined,
  isAllDisabled: boolean,
): string | undefined {
  if (feature.archived === true || (feature.archivedAt ?? null) !== null) return 'it is archived';
  if (listed(file.releasePlans).some(({ featureName }) => featureName === feature.name)) {
    return 'it follows a release plan, whose milestones only the server knows';
  }
  if (isAllDisabled && state?.enabled !== false)
    return 'all of its strategies are disabled, which only the server can judge';
  return undefined;
}

function orderOf({ sortOrder }: Source): number {
  return typeof sortOrder === 'number' ? sortOrder : 0;
}

function strategyOf(strategy: Source, file: Source): Source {
  const linked = listed(file.featureStrategySegments)
    .filter(({ featureStrategyId }) => featureStrategyId === strategy.id)
    .map(({ segmentId }) => segmentId);
  return {
    ...strategy,
    name: strategy.strategyName ?? strategy.name,
    segments: strategy.segments ?? linked,
  };
}
