import type { HourCount } from '@spillway/control/ports';
import { checkInteger, checkText, documentId, MAX_INDEXED_BYTES } from './prepared-commit.ts';

/** Counts that one `add` may take. */
export const MAX_COUNTS = 20_000;

/** One row each, in one order everywhere, so that replicas that write the same rows do not block one another. */
export function prepareCounts(counts: readonly HourCount[]): readonly HourCount[] {
  if (counts.length > MAX_COUNTS) throw new RangeError(`At most ${MAX_COUNTS} counts are added at once.`);
  const merged = new Map<string, HourCount>();
  for (const count of counts) {
    for (const name of ['environment', 'flag', 'reason'] as const) checkText(name, count[name], MAX_INDEXED_BYTES);
    checkText('variant', count.variant ?? '', MAX_INDEXED_BYTES);
    for (const name of ['hour_ms', 'evaluations', 'last_ms'] as const) checkInteger(name, count[name]);
    for (const name of ['first_configuration', 'last_configuration'] as const) {
      const number = count[name];
      if (number !== null) checkInteger(name, number);
    }
    const id = countId(count);
    const known = merged.get(id);
    merged.set(id, known === undefined ? count : mergeCounts(known, count));
  }
  return [...merged.keys()].sort().flatMap((id) => merged.get(id) ?? []);
}

export function countId({ flag, environment, hour_ms, variant, reason }: HourCount): string {
  return documentId(flag, environment, `${hour_ms}\0${variant ?? ''}\0${reason}`);
}

export function mergeCounts(one: HourCount, other: HourCount): HourCount {
  return {
    ...sumOf(one, other),
    first_configuration: ofKnown(Math.min, one.first_configuration, other.first_configuration),
    last_configuration: ofKnown(Math.max, one.last_configuration, other.last_configuration),
  };
}

/** Where one is not known the other one counts. */
function ofKnown(pick: (one: number, other: number) => number, one: number | null, other: number | null) {
  return one === null || other === null ? (one ?? other) : pick(one, other);
}

export function sumOf<T extends { readonly evaluations: number; readonly last_ms: number }>(one: T, other: T): T {
  const evaluations = one.evaluations + other.evaluations;
  return { ...one, evaluations, last_ms: Math.max(one.last_ms, other.last_ms) };
}
