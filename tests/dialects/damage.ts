import type { Random } from './importing.ts';

/** What stands where something else should. */
const ODD: readonly unknown[] = [
  ...[null, '', 0, 1, -1, true, false, 'x', 1.5, '1', 0.5, 'DE', 18, 'id'],
  ...[[], {}, [null], [0], ['a'], [['x']], { a: 1 }, { $eq: 1 }],
];

/** A copy in which up to three places are left out, exchanged or odd. */
export function damaged<T>(random: Random, value: T): T {
  const copy = structuredClone(value);
  for (let times = random.whole(4); times > 0; times -= 1) {
    const places = placesIn(copy);
    if (places.length > 0) damage(random, random.pick(places), places);
  }
  return copy;
}

interface Place {
  readonly within: object;
  readonly name: string;
}

function placesIn(value: unknown): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [{ within: value, name }, ...placesIn(inner)]);
}

function damage(random: Random, { within, name }: Place, places: readonly Place[]): void {
  const other = random.pick(places);
  const replaced = random.chance(0.25) ? Reflect.get(other.within, other.name) : random.pick(ODD);
  if (random.chance(0.8)) Reflect.set(within, name, structuredClone(replaced));
  else if (Array.isArray(within)) within.splice(Number(name), 1);
  else Reflect.deleteProperty(within, name);
}
