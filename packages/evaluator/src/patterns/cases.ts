import { characters, includes, type Pattern, type Range } from './syntax.ts';

const UNITS = 0x10000;

/** The pattern with the `i` flag and without the `u` flag: a character stands for all that are the same in upper case. */
export function ignoringCase(pattern: Pattern): Pattern {
  switch (pattern.is) {
    case 'characters':
      return characters(widened(pattern.ranges), pattern.negated);
    case 'sequence':
      return { ...pattern, items: pattern.items.map(ignoringCase) };
    case 'choice':
      return { ...pattern, options: pattern.options.map(ignoringCase) };
    case 'repeat':
      return { ...pattern, item: ignoringCase(pattern.item) };
    case 'assertion':
      return pattern;
  }
}

const known = new WeakMap<readonly Range[], readonly Range[]>();

function widened(ranges: readonly Range[]): readonly Range[] {
  const before = known.get(ranges);
  if (before !== undefined) return before;
  const all = [...ranges];
  for (const { from, to } of ranges) {
    for (let unit = from; unit <= to && unit < UNITS; unit += 1) {
      for (const other of families().get(upperOf(unit)) ?? []) {
        if (!includes(all, other)) all.push({ from: other, to: other });
      }
    }
  }
  known.set(ranges, all);
  return all;
}

let made: ReadonlyMap<number, readonly number[]> | undefined;

/** Code units that are one when case does not count, by the one they are compared as; those that stand alone left out. */
function families(): ReadonlyMap<number, readonly number[]> {
  if (made !== undefined) return made;
  const found = new Map<number, number[]>();
  for (let unit = 0; unit < UNITS; unit += 1) {
    const upper = upperOf(unit);
    if (upper === unit) continue;
    const family = found.get(upper);
    if (family === undefined) found.set(upper, [upper, unit]);
    else family.push(unit);
  }
  made = found;
  return found;
}

/** `Canonicalize` of ECMAScript: what becomes several characters, or ASCII out of something else, stays as it is. */
function upperOf(unit: number): number {
  const upper = String.fromCharCode(unit).toUpperCase();
  const code = upper.charCodeAt(0);
  return upper.length !== 1 || (unit >= 128 && code < 128) ? unit : code;
}
