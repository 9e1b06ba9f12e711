import {
  accept,
  canonicalise,
  changeFlagEnvironment,
  checkVariantsKept,
  createFlag,
  defaultState,
  dependantsOf,
  type Flag,
  normaliseFlag,
  stateIn,
} from '@spillway/core';
import { answered } from '../documents/answered.ts';
import { toJson, unversioned } from '../documents/document.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import { unknownEnvironment } from '../environments/unknown.ts';
import type { Random } from '../ports/index.ts';
import type { SegmentDirectory } from '../segments/directory.ts';
import { createFlagChanges, type FlagChangeDeps } from './changing.ts';
import type { FlagDirectory } from './directory.ts';
import { flagExists, flagIsArchived, refuseOtherKey, unknownFlag } from './refusals.ts';
import { flagSurroundings, restsOnOthers } from './surroundings.ts';
import type { FlagUseCases } from './use-cases.ts';

export interface FlagWritingDeps extends FlagChangeDeps {
  readonly random: Random;
  readonly environments: EnvironmentDirectory;
  readonly segments: SegmentDirectory;
  readonly flags: FlagDirectory;
}

/** What flags are, as somebody says it. */
export function createFlagWriting(
  deps: FlagWritingDeps,
): Pick<FlagUseCases, 'create' | 'replace' | 'updateEnvironment'> {
  const { environments, flags } = deps;
  const { around, lookAgainFor } = flagSurroundings(deps);
  const { alone, amongOthers, write } = createFlagChanges(deps);

  return {
    async create(call, input) {
      await lookAgainFor(input);
      const change = restsOnOthers(input) ? amongOthers : alone;
      return answered(
        await change(call, input.key, { create: input }, (existing) => {
          if (existing !== undefined) return flagExists(existing);
          return write(call, 'flag.created', undefined, createFlag(input, around));
        }),
      );
    },
    async replace(call, key, input) {
      if (input.key !== key) return refuseOtherKey(key);
      await lookAgainFor(input);
      return answered(
        await amongOthers(call, key, { replace: input }, (flag) => {
          if (flag === undefined) return unknownFlag(key);
          const action = flag.lifecycle === 'archived' ? 'flag.restored' : 'flag.updated';
          const after = normaliseFlag(input, flag, around);
          if (!after.ok) return after;
          const kept = checkVariantsKept(after.value, dependantsOf(key, flags.flags.values()));
          return kept.ok ? write(call, action, flag, after) : kept;
        }),
      );
    },
    async updateEnvironment(call, key, environment, input) {
      const named = { environments: { [environment]: input } };
      await lookAgainFor(named);
      if (!environments.keys.has(environment))
        return unknownEnvironment(environment, environments.keys, '/environment');
      const change = restsOnOthers(named) ? amongOthers : alone;
      return answered(
        await change(call, key, { environment, update: input }, (flag) => {
          if (flag === undefined) return unknownFlag(key);
          if (flag.lifecycle === 'archived') return flagIsArchived(key);
          const after = changeFlagEnvironment(unversioned(flag), environment, input, around);
          // Said of an environment that nobody has spoken of, and what is so there anyway: nothing to write down.
          if (after.ok && isUsualState(flag, after.value, environment)) {
            return accept({ is: 'unchanged', document: flag });
          }
          return write(call, 'flag.updated', flag, after);
        }),
      );
    },
  };
}

function isUsualState(before: Flag, after: Flag, environment: string): boolean {
  if (Object.hasOwn(before.environments, environment)) return false;
  return canonicalise(toJson(stateIn(after, environment))) === canonicalise(toJson(defaultState(before)));
}
