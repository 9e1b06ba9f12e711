import { readerOf } from '../conditions/attributes.ts';
import type { FindSegment } from '../conditions/compile-condition.ts';
import type { Test } from '../conditions/operators.ts';
import type { FlagDefinition, Snapshot, SwitchDefinition, SwitchScope } from '../snapshot.ts';

/** The context attribute that a switch of scope `region` looks at. */
export const REGION_ATTRIBUTE = 'region';

/** Obeyed in this order, by key among equals. */
const ORDER: readonly SwitchScope[] = ['global', 'region', 'service', 'user_segment', 'feature'];

/** A switch that lies over a flag: for every context, or for those that `covers` tells. */
export interface Guard {
  readonly definition: SwitchDefinition;
  readonly covers: Test | undefined;
}

/** The active switches that may turn a flag off, in the order they are obeyed. */
export type Overlay = (flag: FlagDefinition) => readonly Guard[];

const NONE: readonly Guard[] = [];

export function compileOverlay(switches: Snapshot['switches'], findSegment: FindSegment): Overlay {
  const active = Object.values(switches).filter(({ scope }) => ORDER.includes(scope));
  if (active.length === 0) return () => NONE;
  const byName = new Map<string, Guard[]>();
  const general: Guard[] = [];
  for (const definition of active) {
    const { scope, affects } = definition;
    if (scope === 'service' || scope === 'feature') {
      const guard = { definition, covers: undefined };
      for (const name of new Set(affects)) append(byName, `${scope} ${name}`, guard);
    } else general.push({ definition, covers: coverage(definition, findSegment) });
  }
  general.sort(inOrder);
  return (flag) => {
    const named = new Set([
      ...flag.services.flatMap((service) => byName.get(`service ${service}`) ?? []),
      ...(byName.get(`feature ${flag.key}`) ?? []),
    ]);
    return named.size === 0 ? general : [...general, ...named].sort(inOrder);
  };
}

function coverage({ scope, affects }: SwitchDefinition, findSegment: FindSegment): Test | undefined {
  if (scope === 'global') return undefined;
  if (scope === 'region') {
    const read = readerOf(REGION_ATTRIBUTE);
    const regions = new Set<unknown>(affects);
    return (context) => regions.has(read(context));
  }
  let tests: readonly Test[] | undefined;
  // Found when first asked: a switch over a segment must cost a flag nothing before it is evaluated.
  return (context, now) => {
    tests ??= affects.map((key) => segmentTest(key, findSegment));
    for (const test of tests) if (test(context, now)) return true;
    return false;
  };
}

/** A segment that is broken has no members here, so that a fault in it neither fires nor blocks the switch for others. */
function segmentTest(key: string, findSegment: FindSegment): Test {
  try {
    return findSegment(key).test;
  } catch {
    return () => false;
  }
}

function inOrder({ definition: one }: Guard, { definition: other }: Guard): number {
  return ORDER.indexOf(one.scope) - ORDER.indexOf(other.scope) || (one.key < other.key ? -1 : 1);
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
