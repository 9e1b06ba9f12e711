import type { FlagDefinition, Snapshot } from '@spillway/evaluator';
import { defineFlag } from '../flags/definition.ts';
import { defineSegment } from '../segments/definition.ts';
import type { Normalised } from './normalise.ts';

/** What has been defined and never stored is at its first version. */
const FIRST = 1;

/** Definitions as one environment's snapshot, as if they were all that a server has. */
export function snapshotOf({ flags, segments, lists }: Normalised, project: string, environment: string): Snapshot {
  const defined: [string, FlagDefinition][] = [];
  for (const flag of flags.values()) {
    const parent = flag.parent === undefined ? undefined : flags.get(flag.parent);
    const definition = defineFlag(flag, FIRST, environment, parent);
    if (definition !== undefined) defined.push([flag.key, definition]);
  }
  return {
    format: 'spillway.snapshot/1',
    project,
    environment,
    number: FIRST,
    flags: Object.fromEntries(defined),
    segments: Object.fromEntries(
      [...segments].map(([key, segment]) => [key, defineSegment(segment, FIRST, lists.get(key) ?? '')]),
    ),
    switches: {},
  };
}
