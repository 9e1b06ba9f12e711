import type { Json } from '@spillway/evaluator';
import { cannotCarry } from '../report.ts';
import { isSource, numberOf, type Source, sourceOf, sourcesOf } from '../source.ts';
import type { Environment, Variant } from './environment.ts';

/** The features of an environment as its page for export writes them: a list, without ids and without overrides. */
export function exportedEnvironment(file: unknown): Environment | undefined {
  if (!Array.isArray(file) || file.length === 0 || !file.every(isExported)) return undefined;
  // Of several with one name, the last is the one.
  const byName = new Map(file.map((feature: Source & { name: string }) => [feature.name, feature]));
  return {
    names: [...byName.keys()],
    ofFeature: (name, notes) => {
      notes.add('an export of features has none of the overrides for segments and identities: those are left out');
      const { enabled, value, multivariate } = sourceOf(byName.get(name), 'the feature');
      if (typeof enabled !== 'boolean') return cannotCarry('it does not say whether it is enabled');
      const variants = sourcesOf(multivariate, 'multivariate').map(variantOf);
      return { key: '', name: null, state: { enabled, value: plain(value), key: undefined, variants }, overrides: [] };
    },
  };
}

function isExported(feature: unknown): boolean {
  return isSource(feature) && typeof feature.name === 'string' && Object.hasOwn(feature, 'multivariate');
}

function variantOf({ value, percentage_allocation: weight }: Source): Variant {
  return { value: plain(value), weight: numberOf(weight, 'the percentage_allocation of a variant') };
}

function plain(value: unknown): Json {
  return value === undefined ? null : (value as Json);
}
