/** Numbers of the configurations that answers came from: the lowest and the highest of them. */
export interface Configurations {
  readonly first: number;
  readonly last: number;
}

/** Of both together; undefined where it is not known, and then the other one counts. */
export function spanning(one: Configurations | undefined, other: Configurations): Configurations;
export function spanning(
  one: Configurations | undefined,
  other: Configurations | undefined,
): Configurations | undefined;
export function spanning(
  one: Configurations | undefined,
  other: Configurations | undefined,
): Configurations | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return { first: Math.min(one.first, other.first), last: Math.max(one.last, other.last) };
}
