import { enumerate } from '../problems.ts';
import { accept, type Outcome, refuse } from '../refusal.ts';
import type { Flag } from './flag.ts';

/** An archived flag leaves every snapshot; what it was stays readable, and replacing it brings it back. */
export function archiveFlag(flag: Flag): Outcome<Flag> {
  return accept({ ...flag, lifecycle: 'archived' });
}

/** Applications may still ask for a flag that is on somewhere, so that one is archived first. */
export function checkFlagMayGo(flag: Flag): Outcome<void> {
  const enabled = Object.keys(flag.environments).filter((name) => flag.environments[name]?.enabled);
  if (flag.lifecycle === 'archived' || enabled.length === 0) return accept(undefined);
  return refuse(
    'in_use',
    `The flag ${flag.key} is enabled in ${enumerate(enabled)}. Archive it first, or switch it off there, then delete it.`,
    { details: { environments: enabled } },
  );
}
