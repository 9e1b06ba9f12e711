import { collectSegments, type FlagDefinition, flagsAskedBy, type Snapshot } from '@spillway/evaluator';
import { segmentUsesSegment } from '../segments/dependents.ts';

type Requiring = Parameters<typeof flagsAskedBy>[0];

/** The flags that require one of these, directly or through others, in the order of their keys; without these themselves. */
export function flagsRequiring(flags: Readonly<Record<string, Requiring>>, keys: Iterable<string>): readonly string[] {
  const requiredBy = new Map<string, string[]>();
  for (const [key, requiring] of Object.entries(flags)) {
    for (const flag of flagsAskedBy(requiring)) requiredBy.set(flag, [...(requiredBy.get(flag) ?? []), key]);
  }
  const asked = new Set(keys);
  // A set is walked to its end, with what is added on the way.
  const reached = new Set(asked);
  for (const key of reached) for (const next of requiredBy.get(key) ?? []) reached.add(next);
  return [...reached].filter((key) => !asked.has(key)).sort();
}

/** The flags whose answers may depend on a segment: through rules, other segments, kill switches or other flags. */
export function flagsReachedBySegment({ flags, segments, switches }: Snapshot, segment: string): readonly string[] {
  const reached = new Set([segment]);
  for (const key of reached) {
    for (const [other, parts] of Object.entries(segments)) if (segmentUsesSegment(parts, key)) reached.add(other);
  }
  const cut = Object.values(switches).some(
    ({ scope, affects }) => scope === 'user_segment' && affects.some((key) => reached.has(key)),
  );
  if (cut) return Object.keys(flags).sort();
  const naming = Object.values(flags).filter(({ rules }) => namesOneOf(rules, reached));
  const keys = naming.map(({ key }) => key);
  return [...keys, ...flagsRequiring(flags, keys)].sort();
}

function namesOneOf(rules: FlagDefinition['rules'], segments: ReadonlySet<string>): boolean {
  const named: string[] = [];
  for (const { when } of rules) collectSegments(when, named);
  return named.some((key) => segments.has(key));
}
