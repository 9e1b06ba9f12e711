import type { UserSketch } from '@spillway/control/ports';
import { mergeSketches, readSketch } from '@spillway/statistics';
import { checkInteger, checkText, MAX_INDEXED_BYTES } from './prepared-commit.ts';

/** Sketches that one `merge` may take. */
export const MAX_SKETCHES = 40_000;

/** One each, in one order everywhere, so that replicas that write the same rows do not block one another. */
export function prepareSketches(sketches: readonly UserSketch[]): readonly UserSketch[] {
  if (sketches.length > MAX_SKETCHES) throw new RangeError(`At most ${MAX_SKETCHES} sketches are merged at once.`);
  const merged = new Map<string, UserSketch>();
  for (const one of sketches) {
    for (const name of ['environment', 'flag', 'part'] as const) checkText(name, one[name], MAX_INDEXED_BYTES);
    checkText('variant', one.variant ?? '', MAX_INDEXED_BYTES);
    checkInteger('at_ms', one.at_ms);
    if (readSketch(one.sketch) === undefined)
      throw new TypeError('sketch must be one that @spillway/statistics wrote.');
    const id = sketchId(one);
    const known = merged.get(id);
    merged.set(id, known === undefined ? one : { ...one, sketch: mergeSketches(known.sketch, one.sketch) });
  }
  return [...merged.keys()].sort().flatMap((id) => merged.get(id) ?? []);
}

/** Texts of these sort as the rows do; moments are padded to the digits of the longest. */
export function sketchId({ flag, environment, part, at_ms, variant }: UserSketch): string {
  return [flag, environment, part, String(at_ms).padStart(16, '0'), variant ?? ''].join('\0');
}
