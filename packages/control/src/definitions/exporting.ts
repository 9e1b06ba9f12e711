import {
  accept,
  type DefinedFlag,
  type DefinedSegment,
  type Flag,
  type Segment,
  writtenFlag,
  writtenSegment,
} from '@spillway/core';
import { takeTurns } from '../pacing/pace.ts';
import { readCurrent } from './current.ts';
import type { PlanningDeps } from './planning.ts';
import type { DefinitionUseCases } from './use-cases.ts';

/** Everything that is there as definitions, which applied anew change nothing. */
export function createExport(deps: PlanningDeps): DefinitionUseCases['export'] {
  const { clock } = deps;
  return async (_, only) => {
    const { flags, segments } = await readCurrent(deps);
    const isWanted = ({ managed_by }: Flag | Segment) =>
      only.managed_by === undefined || managed_by === only.managed_by;
    const wanted = [...flags.values()].filter((flag) => flag.lifecycle === 'active' && isWanted(flag));
    const written = { flags: new Map<string, DefinedFlag>(), segments: new Map<string, DefinedSegment>() };
    await takeTurns(clock, wanted, (flag) => written.flags.set(flag.key, writtenFlag(flag)));
    await takeTurns(clock, [...segments.values()].filter(isWanted), (segment) =>
      written.segments.set(segment.key, writtenSegment(segment)),
    );
    return accept({
      ...only,
      flags: Object.fromEntries(written.flags),
      segments: Object.fromEntries(written.segments),
    });
  };
}
