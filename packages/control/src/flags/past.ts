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
  const history = createDocumentHistory(deps);
  const subject = (key: string) => ({ noun: 'flags', key, name: 'flag' }) as const;
  const { around, lookAgainFor } = flagSurroundings(deps);
  const { amongOthers, write } = createFlagChanges(deps);

  return {
    history: (_, key, page) => history.changes(subject(key), page),
    version: (_, key, version) => history.version(subject(key), version),
    compare: (_, key, range) => history.compare(subject(key), range),
    async restore(call, key, version) {
      const past = await history.version(subject(key), version);
      if (!past.ok) return past;
      const was = unversioned(past.value);
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
