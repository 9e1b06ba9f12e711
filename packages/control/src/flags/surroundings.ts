import {
  collectFlagsAsked,
  collectSegmentsNamed,
  type FlagEnvironmentInput,
  type FlagInput,
  type Normalising,
} from '@spillway/core';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import type { Random } from '../ports/index.ts';
import type { SegmentDirectory } from '../segments/directory.ts';
import type { FlagDirectory } from './directory.ts';

/** What flags are checked against when they are written. */
export interface FlagSurroundings {
  readonly around: Normalising;
  /** Before saying that something an input names does not exist, looks whether another replica has just made it. */
  lookAgainFor(input: Pick<FlagInput, 'parent' | 'target_environments' | 'environments'>): Promise<void>;
}

export function flagSurroundings(deps: {
  readonly random: Random;
  readonly environments: EnvironmentDirectory;
  readonly segments: SegmentDirectory;
  readonly flags: FlagDirectory;
}): FlagSurroundings {
  const { random, environments, segments, flags } = deps;
  return {
    around: {
      environments: environments.keys,
      flags: flags.flags,
      segments: segments.keys,
      newRuleId: () => random.id(),
    },
    async lookAgainFor(input) {
      const states = Object.values(input.environments ?? {});
      await environments.lookAgainFor([...Object.keys(input.environments ?? {}), ...(input.target_environments ?? [])]);
      await segments.lookAgainFor(segmentsNamedIn(states));
      await flags.lookAgainFor(requiredBy(input));
    },
  };
}

/** The flags that an input requires. */
export function requiredBy({
  parent,
  environments = {},
}: Pick<FlagInput, 'parent' | 'environments'>): readonly string[] {
  const required = parent === undefined ? [] : [parent];
  for (const { prerequisites = [], rules = [] } of Object.values(environments)) {
    required.push(...prerequisites.map(({ flag }) => flag));
    for (const { when } of rules) collectFlagsAsked(when, required);
  }
  return required;
}

/** Whether the input names flags or segments, which must be there and stay there when it is written. */
export function restsOnOthers(input: Pick<FlagInput, 'parent' | 'environments'>): boolean {
  return requiredBy(input).length > 0 || segmentsNamedIn(Object.values(input.environments ?? {})).length > 0;
}

function segmentsNamedIn(states: readonly FlagEnvironmentInput[]): readonly string[] {
  const named: string[] = [];
  for (const { rules = [] } of states) for (const { when } of rules) collectSegmentsNamed(when, named);
  return named;
}
