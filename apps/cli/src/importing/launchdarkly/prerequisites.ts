import type { Prerequisite } from '@spillway/evaluator';
import { CannotCarry, cannotCarry, spillwayKey } from '../report.ts';
import { isSource, type Source, sourcesOf, textOf } from '../source.ts';
import { nameOf, variationOf } from './serving.ts';

/** What a flag serves that is off or held back, by the index of its off variation. */
export type OffName = (index: unknown) => string;

/** `never` when one cannot be met whatever happens here: it is not there, or is off and cannot be carried. */
export function prerequisitesOf(
  source: Source,
  flags: Source,
  visited: readonly string[],
  offName: OffName,
): Prerequisite[] | 'never' {
  const found = new Map<string, Prerequisite>();
  let isMet = true;
  for (const required of sourcesOf(source.prerequisites, 'prerequisites')) {
    const key = textOf(required.key, 'the key of a prerequisite');
    if (visited.includes(key)) return cannotCarry('its prerequisites lead back to it');
    const other = Object.hasOwn(flags, key) ? flags[key] : undefined;
    const requirement =
      isSource(other) && other.deleted !== true
        ? requirementOf(key, other, required.variation, flags, visited, offName)
        : undefined;
    const both = requirement === undefined ? undefined : narrowed(requirement, found.get(key));
    if (both === undefined) isMet = false;
    else found.set(key, both);
  }
  return isMet ? [...found.values()] : 'never';
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
  if (other.on !== true) return restingRequirement(key, other, variation, flags, visited, offName);
  const { variations } = other;
  const index = variationOf(variation, Array.isArray(variations) ? variations.length : 0);
  const own = prerequisitesOf(other, flags, [...visited, key], offName);
  const byOff = other.offVariation === index && own.length > 0;
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
    prerequisitesOf(other, flags, [...visited, key], offName);
    return { flag: spillwayKey(key), variants: [nameOf(variationOf(variation, count))] };
  } catch (error) {
    if (error instanceof CannotCarry) return undefined;
    throw error;
  }
}
