import type { Json } from '@spillway/evaluator';
import { cannotCarry } from '../report.ts';
import { isSource, numberOf, type Source, sourceOf, sourcesOf, textOf } from '../source.ts';
import type { FeatureState, Variant } from './environment.ts';

export function featureNameIn(state: unknown): string | undefined {
  const feature = isSource(state) ? state.feature : undefined;
  return isSource(feature) && typeof feature.name === 'string' ? feature.name : undefined;
}

/** What a segment is called, or numbered. */
export function calledIn({ name }: Source, id: unknown): string {
  return typeof name === 'string' && name !== '' ? name : `segment-${String(id)}`;
}

/** Those of a list that are the feature's. */
export function statesFor(feature: string, states: unknown): readonly Source[] {
  return Array.isArray(states) ? states.filter((state) => featureNameIn(state) === feature) : [];
}

/** A state of a feature as documents write it. */
export function stateOf(source: Source): FeatureState {
  const feature = sourceOf(source.feature, 'the feature of a state');
  if (!feature.id) return cannotCarry('a state of it says no id of the feature, which SDKs need');
  const { enabled, feature_state_value: value } = source;
  if (typeof enabled !== 'boolean') return cannotCarry('a state of it does not say whether it is enabled');
  textOf(feature.name, 'the name of a feature');
  return {
    enabled,
    value: value === undefined ? null : (value as Json),
    key: keyOf(source),
    variants: variantsOf(source.multivariate_feature_state_values),
  };
}

/** What its variants are hashed with; undefined where SDKs draw one. */
export function keyOf({ django_id: id, featurestate_uuid: uuid }: Source): string | undefined {
  const key = id ?? uuid ?? undefined;
  return key === undefined ? undefined : String(key);
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
