import { type DefinedFlag, type DefinitionProblem, type Normalised, unreachableIn, writtenPlace } from '@spillway/core';
import type { Finding, Rule, Severity } from './finding.ts';
import type { Loaded } from './load.ts';

/** What is wrong with definitions that are each well-formed, shown where it was written. */
export function findMeaning({ problems }: Normalised, loaded: Pick<Loaded, 'origins'>): readonly Finding[] {
  return problems.flatMap((problem) => found('error', 'meaning', loaded, problem));
}

/** What can never be served; what is said once for all environments is warned of once. */
export function findUnreachable({ flags }: Normalised, loaded: Loaded): readonly Finding[] {
  const all = [...flags.values()].flatMap((flag) => {
    const defined: DefinedFlag = loaded.definitions.flags[flag.key] ?? {};
    return unreachableIn(flag).flatMap(({ field, message }) =>
      found('warning', 'unreachable', loaded, {
        noun: 'flags',
        key: flag.key,
        field: writtenPlace(field, defined),
        message,
      }),
    );
  });
  return [...new Map(all.map((finding) => [JSON.stringify(finding), finding])).values()];
}

function found(
  severity: Severity,
  rule: Rule,
  { origins }: Pick<Loaded, 'origins'>,
  { noun, key, field, message }: DefinitionProblem,
): readonly Finding[] {
  const origin = origins[noun].get(key);
  if (origin === undefined) return [];
  const pointer = `${origin.base}${field}`;
  return [{ severity, rule, place: origin.document.placeOf(pointer), field: pointer, message }];
}
