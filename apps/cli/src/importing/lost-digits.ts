import { numbersThatLoseDigits } from '@spillway/core';
import type { Imported } from './report.ts';
import { conditionsIn, segmentsNamedIn } from './segments-named.ts';

/**
 * The report with a note on each flag that holds a number of which not every digit is kept. Products whose SDKs read JSON as
 * doubles answer with the same neighbour, so that such a flag is carried; others would not, so that it is said.
 */
export function noteLostDigits(imported: Imported, text: string): Imported {
  const lost = new Map(numbersThatLoseDigits(text).map((written) => [Number(written), written]));
  if (lost.size === 0) return imported;
  const { definitions, report } = imported;
  const segments = new Map(Object.entries(definitions.segments ?? {}));
  const carried = report.carried.map((each) => {
    const flag = definitions.flags[each.key];
    const asked = flag === undefined ? [] : segmentsNamedIn(conditionsIn(flag), segments).values();
    const found = flag === undefined ? [] : lostIn([flag, ...asked], lost);
    return { ...each, notes: [...each.notes, ...found] };
  });
  return { definitions, report: { ...report, carried } };
}

function lostIn(parts: readonly unknown[], lost: ReadonlyMap<number, string>): readonly string[] {
  const found = new Set<string>();
  const ahead = [...parts];
  while (ahead.length > 0) {
    const next = ahead.pop();
    if (typeof next === 'object' && next !== null) ahead.push(...Object.values(next));
    const written = typeof next === 'number' ? lost.get(next) : undefined;
    if (written !== undefined) found.add(`the number ${written} is kept as ${next}, as doubles have it`);
  }
  return [...found];
}
