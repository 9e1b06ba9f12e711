import { accept, archiveFlag, checkFlagMayGo, checkNothingDepends, dependantsOf } from '@spillway/core';
import { answered, removed } from '../documents/answered.ts';
import { unversioned } from '../documents/document.ts';
import { createFlagChanges, type FlagChangeDeps } from './changing.ts';
import type { FlagDirectory } from './directory.ts';
import { unknownFlag } from './refusals.ts';
import type { FlagUseCases } from './use-cases.ts';

export interface FlagLeavingDeps extends FlagChangeDeps {
  readonly flags: FlagDirectory;
}

/** How flags go: archived first, which others must not depend on, then deleted. */
export function createFlagLeaving(deps: FlagLeavingDeps): Pick<FlagUseCases, 'archive' | 'remove'> {
  const { amongOthers, write } = createFlagChanges(deps);
  const checkFree = (key: string) => checkNothingDepends(key, dependantsOf(key, deps.flags.flags.values()));

  return {
    async archive(call, key) {
      return answered(
        await amongOthers(call, key, { archive: true }, (flag) => {
          if (flag === undefined) return unknownFlag(key);
          if (flag.lifecycle === 'archived') return accept({ is: 'unchanged', document: flag });
          const free = checkFree(key);
          return free.ok ? write(call, 'flag.archived', flag, archiveFlag(unversioned(flag))) : free;
        }),
      );
    },
    async remove(call, key) {
      return removed(
        await amongOthers(call, key, { remove: true }, (flag) => {
          if (flag === undefined) return unknownFlag(key);
          const mayGo = checkFlagMayGo(flag);
          if (!mayGo.ok) return mayGo;
          const free = checkFree(key);
          return free.ok ? accept({ is: 'remove', action: 'flag.deleted' }) : free;
        }),
      );
    },
  };
}
