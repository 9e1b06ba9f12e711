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

/** What a request to fire says about the switch; nothing, when it goes by the key alone. */
export type AskedCoverage = Partial<Pick<KillSwitchInput, 'scope' | 'affects' | 'environments'>>;

/** Who fires an existing switch by describing it must describe that one: firing something else would be worse than refusing. */
export function checkSameCoverage(killSwitch: KillSwitch, asked: AskedCoverage): Outcome<void> {
  const { key, scope, affects, environments } = killSwitch;
  const same =
    (asked.scope === undefined || scope === asked.scope) &&
    (asked.affects === undefined || sameMembers(affects, asked.affects)) &&
    (asked.environments === undefined || sameMembers(environments, asked.environments));
  if (same) return accept(undefined);
  return refuse(
    'conflict',
    `The kill switch ${key} covers something else: ${coverage(killSwitch)}. Fire it by its key alone, or choose another key.`,
    { details: { scope, affects, environments } },
  );
}

function coverage({ scope, affects, environments }: KillSwitch): string {
  const what = scope === 'global' ? 'every flag' : `${scope} ${affects.join(', ')}`;
  return `${what} in ${environments.length === 0 ? 'all environments' : environments.join(', ')}`;
}

function sameMembers(one: readonly string[], other: readonly string[]): boolean {
  const members = new Set(one);
  return members.size === new Set(other).size && other.every((member) => members.has(member));
}
