import { accept, type Outcome } from '../refusal.ts';
import { cannotRestore } from '../restored.ts';
import { archiveFlag } from './decide.ts';
import { checkNothingDepends, checkVariantsKept, type Dependant } from './dependants.ts';
import type { Flag } from './flag.ts';
import { asFlagInput, normaliseFlag } from './normalise.ts';
import type { Normalising } from './normalise-state.ts';

/**
 * The flag as it was at a version, checked as if it were written now: what it refers to may be gone since. The refusal
 * says which version of which flag it is about.
 */
export function restoredFlag(
  was: Flag,
  version: number,
  dependants: readonly Dependant[],
  around: Normalising,
): Outcome<Flag> {
  const now = normaliseFlag(asFlagInput(was), undefined, around);
  if (!now.ok) return cannotRestore(was.key, version, now.refusal);
  const kept = checkVariantsKept(now.value, dependants);
  if (!kept.ok) return kept;
  if (was.lifecycle === 'active') return accept(now.value);
  const free = checkNothingDepends(was.key, dependants);
  return free.ok ? archiveFlag(now.value) : free;
}
