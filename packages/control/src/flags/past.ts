import { accept, canonicalise, dependantsOf, restoredFlag } from '@spillway/core';
import { answered } from '../documents/answered.ts';
import { toJson, unversioned } from '../documents/document.ts';
import { createDocumentHistory } from '../documents/history.ts';
import type { Clock, Store } from '../ports/index.ts';
import { createFlagChanges } from './changing.ts';
import { flagSurroundings } from './surroundings.ts';
import type { FlagUseCases } from './use-cases.ts';
import type { FlagWritingDeps } from './writing.ts';

export interface FlagPastDeps extends FlagWritingDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
}

/** What flags were, and the way back to it. */
export function createFlagPast(deps: FlagPastDeps): Pick<FlagUseCases, 'history' | 'version' | 'compare' | 'restore'> {
  const past = createDocumentHistory(deps, { noun: 'flags', name: 'flag' });
  const { around, lookAgainFor } = flagSurroundings(deps);
  const { amongOthers, write } = createFlagChanges(deps);

  return {
    ...past,
    async restore(call, key, version) {
      const found = await past.version(call, key, version);
      if (!found.ok) return found;
      const was = unversioned(found.value);
      await lookAgainFor(was);
      return answered(
        await amongOthers(call, key, { restore: version }, (flag) => {
          if (flag !== undefined && isSame(unversioned(flag), was)) return accept({ is: 'unchanged', document: flag });
          const after = restoredFlag(was, version, dependantsOf(key, deps.flags.flags.values()), around);
          return write(call, 'flag.restored', flag, after);
        }),
      );
    },
  };
}

function isSame(one: object, other: object): boolean {
  return canonicalise(toJson(one)) === canonicalise(toJson(other));
}
