import type { HourCount } from '../ports/index.ts';

/** Numbers of the configurations that answers came from: the lowest and the highest of them. */
export interface Configurations {
  readonly first: number;
  readonly last: number;
}

/** Of both together; undefined where it is not known, and then the other one counts. */
export function spanning(
  one: Configurations | undefined,
  other: Configurations | undefined,
): Configurations | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return { first: Math.min(one.first, other.first), last: Math.max(one.last, other.last) };
}

export function configurationsOf({
  first_configuration: first,
  last_configuration: last,
}: Pick<HourCount, 'first_configuration' | 'last_configuration'>): Configurations | undefined {
  return first === null || last === null ? undefined : { first, last };
}
