import type { Prerequisite } from '@spillway/evaluator';
import { CannotCarry, cannotCarry, spillwayKey } from '../report.ts';
import { type Source, sourcesOf, textOf } from '../source.ts';
import { isLive, isOn } from './payload.ts';
import { nameOf, variationOf } from './serving.ts';

/** What a flag serves that is off or held back, by the index of its off variation. */
export type OffName = (index: unknown) => string;

export interface Required {
  /** Up to the first that can never be met, which is as far as SDKs ask. */
  readonly prerequisites: readonly Prerequisite[];
  /** False when one cannot be met whatever happens here: it is not there, or is off and cannot be carried. */
  readonly canBeMet: boolean;
}

export function requiredBy(source: Source, flags: Source, visited: readonly string[], offName: OffName): Required {
  const found = new Map<string, Prerequisite>();
  for (const required of sourcesOf(source.prerequisites, 'prerequisites')) {
    const key = textOf(required.key, 'the key of a prerequisite');
    if (visited.includes(key)) return cannotCarry('its prerequisites lead back to it');
    const other = Object.hasOwn(flags, key) ? flags[key] : undefined;
    const requirement = isLive(other)
      ? requirementOf(key, other, required.variation, flags, visited, offName)
      : undefined;
    const both = requirement === undefined ? undefined : narrowed(requirement, found.get(key));
    if (both === undefined) return { prerequisites: [...found.values()], canBeMet: false };
    found.set(key, both);
  }
  return { prerequisites: [...found.values()], canBeMet: true };
}

/** What meets both; undefined if nothing does. */
function narrowed(one: Prerequisite, other: Prerequisite | undefined): Prerequisite | undefined {
  const variants = one.variants.filter((name) => other?.variants.includes(name) ?? true);
  return variants.length === 0 ? undefined : { ...one, variants };
}

/** A flag that is off meets nothing until it is switched on; one that is on and held back itself counts by its off variation. */
function requirementOf(
  key: string,
  other: Source,
  variation: unknown,
  flags: Source,
  visited: readonly string[],
  offName: OffName,
): Prerequisite | undefined {
  if (!isOn(other)) return restingRequirement(key, other, variation, flags, visited, offName);
  const { variations } = other;
  const index = variationOf(variation, Array.isArray(variations) ? variations.length : 0);
  const own = requiredBy(other, flags, [...visited, key], offName);
  const byOff = other.offVariation === index && (own.prerequisites.length > 0 || !own.canBeMet);
  return { flag: spillwayKey(key), variants: byOff ? [nameOf(index), offName(index)] : [nameOf(index)] };
}

/** Undefined where the flag that is off can never be what is required, as it stands in the file. */
function restingRequirement(
  key: string,
  other: Source,
  variation: unknown,
  flags: Source,
  visited: readonly string[],
  offName: OffName,
): Prerequisite | undefined {
  const { variations, offVariation } = other;
  const count = Array.isArray(variations) ? variations.length : 0;
  if (offVariation === undefined || offVariation === null) return undefined;
  variationOf(offVariation, count);
  try {
    requiredBy(other, flags, [...visited, key], offName);
    return { flag: spillwayKey(key), variants: [nameOf(variationOf(variation, count))] };
  } catch (error) {
    if (error instanceof CannotCarry) return undefined;
    throw error;
  }
}
