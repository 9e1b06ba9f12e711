import { accept, type Outcome, refuse } from '../refusal.ts';
import type { KillSwitchInput } from './input.ts';
import type { KillSwitch, SwitchAction } from './kill-switch.ts';

/** Fires the switch; one that is already fired is answered as it is, so that firing twice is harmless. */
export function fireSwitch(killSwitch: KillSwitch, activated: SwitchAction): KillSwitch {
  if (killSwitch.state.is === 'triggered') return killSwitch;
  return { ...killSwitch, state: { is: 'triggered', activated } };
}

/** Nothing was rewritten when the switch fired, so releasing it has nothing to restore. */
export function releaseSwitch(killSwitch: KillSwitch, released: SwitchAction): KillSwitch {
  if (killSwitch.state.is === 'inactive') return killSwitch;
  return { ...killSwitch, state: { is: 'inactive', released } };
}

/** A fired switch must be released first: deleting it would let traffic back in without anyone having said so. */
export function checkSwitchMayGo(killSwitch: KillSwitch): Outcome<void> {
  if (killSwitch.state.is === 'inactive') return accept(undefined);
  return refuse('in_use', `The kill switch ${killSwitch.key} is fired. Release it first, then delete it.`);
}

/** Who fires an existing switch by describing it must describe that one: firing something else would be worse than refusing. */
export function checkSameCoverage(
  killSwitch: KillSwitch,
  asked: Pick<KillSwitchInput, 'scope' | 'affects' | 'environments'>,
): Outcome<void> {
  const same =
    killSwitch.scope === asked.scope &&
    (asked.affects === undefined || sameMembers(killSwitch.affects, asked.affects)) &&
    (asked.environments === undefined || sameMembers(killSwitch.environments, asked.environments));
  if (same) return accept(undefined);
  return refuse(
    'conflict',
    `A kill switch ${killSwitch.key} exists and covers something else (${killSwitch.scope}). Fire it without a scope, or choose another key.`,
    { details: { scope: killSwitch.scope, affects: killSwitch.affects, environments: killSwitch.environments } },
  );
}

function sameMembers(one: readonly string[], other: readonly string[]): boolean {
  const members = new Set(one);
  return members.size === new Set(other).size && other.every((member) => members.has(member));
}
