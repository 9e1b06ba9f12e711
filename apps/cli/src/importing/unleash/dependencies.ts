import type { Prerequisite } from '@spillway/evaluator';
import { CannotCarry, cannotCarry, spillwayKey } from '../report.ts';
import { type Source, sourcesOf, textOf, textsOf } from '../source.ts';
import type { Payload } from './payload.ts';
import type { Known } from './variants.ts';

/** The parents of a feature as prerequisites; `never` when the file itself says that one is not met. */
export function prerequisitesOf(
  dependencies: unknown,
  { features }: Payload,
  variantsOf: (parent: string) => readonly Known[],
): readonly Prerequisite[] | 'never' {
  const accepted = new Map<string, readonly string[]>();
  for (const dependency of sourcesOf(dependencies, 'dependencies')) {
    const parent = textOf(dependency.feature, 'the feature of a dependency');
    const feature = features.get(parent);
    if (feature === undefined || sourcesOf(feature.dependencies, 'the dependencies of a parent').length > 0)
      return 'never';
    const names = acceptedOf(dependency, variantsOf(parent));
    const before = accepted.get(parent);
    const both = before === undefined ? names : names.filter((name) => before.includes(name));
    if (both.length === 0) return 'never';
    accepted.set(parent, both);
  }
  return [...accepted].map(([parent, variants]) => ({ flag: spillwayKey(parent), variants }));
}

function acceptedOf({ enabled, variants }: Source, known: readonly Known[]): readonly string[] {
  const isWanted = enabled !== false;
  const wanted = textsOf(variants, 'the variants of a dependency');
  const met = known.filter(({ isEnabled, source }) => {
    return isEnabled === isWanted && (!isWanted || wanted.length === 0 || wanted.includes(source));
  });
  return met.map(({ name }) => name);
}

/** What a feature depends on has to be carried with it. */
export function requiring<T>(parent: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof CannotCarry)
      return cannotCarry(`it depends on ${parent}, which is not carried: ${error.message}`);
    throw error;
  }
}
