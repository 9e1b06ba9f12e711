import type { Json } from '@spillway/evaluator';
import type { Rule } from './dependencies.ts';

/** What an environment has of a feature, whichever way it was written down. */
export interface Environment {
  /** Of all features. */
  readonly names: readonly string[];
  readonly ofFeature: (name: string, notes: Set<string>) => Feature;
}

export interface Feature {
  /** The environment's key and name, which conditions may ask for. */
  readonly key: string;
  readonly name: Json;
  readonly state: FeatureState;
  /** In the order in which they go before one another. */
  readonly overrides: readonly Override[];
}

/** What a feature is in an environment, or for those in a segment. */
export interface FeatureState {
  readonly enabled: boolean;
  readonly value: Json;
  /** What its variants are hashed with; undefined where the file does not say, and SDKs draw one. */
  readonly key: string | undefined;
  /** In the order in which they share those who are hashed. */
  readonly variants: readonly Variant[];
}

export interface Variant {
  readonly value: Json;
  readonly weight: number;
}

/** A state of a feature for some, the first of all that apply going before the others. */
export interface Override {
  readonly segment: { readonly key: string; readonly rules: readonly Rule[] };
  /** What the segment is called; left out for one that is made up of identities. */
  readonly called?: string;
  /** The lowest goes first; Infinity where none is said. */
  readonly priority: number;
  readonly state: FeatureState;
}

export function byPriority(overrides: readonly Override[]): readonly Override[] {
  return overrides.toSorted((one, other) =>
    one.priority === other.priority ? 0 : one.priority < other.priority ? -1 : 1,
  );
}
