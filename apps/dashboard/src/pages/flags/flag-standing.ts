import type { Environment, Flag, KillSwitch, ListedFlag } from '../../documents.ts';
import { killedBy } from './killed.ts';

/** Where a flag stands on its way: on nowhere, on where it is tried, on where users are, on for all of them. */
export type Standing = 'archived' | 'killed' | 'draft' | 'in_test' | 'live' | 'rolled_out';

export function standingOf(
  flag: Flag,
  environments: readonly Environment[],
  switches: readonly KillSwitch[],
): Standing {
  if (flag.lifecycle === 'archived') return 'archived';
  if (environments.some(({ key }) => killedBy(flag, key, switches).length > 0)) return 'killed';
  const on = environments.filter(({ key }) => flag.environments[key]?.enabled === true);
  const isProtected = environments.filter((environment) => environment.protected);
  if (on.length === 0) return 'draft';
  if (!on.some((environment) => environment.protected)) return 'in_test';
  return isProtected.every(({ key }) => servesEveryone(flag, key)) ? 'rolled_out' : 'live';
}

/** One and the same for all, without looking at who asks. */
function servesEveryone(flag: Flag, environment: string): boolean {
  const state = flag.environments[environment];
  if (state === undefined || !state.enabled) return false;
  const { rules, targets, prerequisites = [], fallthrough, off_variant: off } = state;
  const isPlain = rules.length === 0 && targets.every(({ keys }) => keys.length === 0) && prerequisites.length === 0;
  if (!isPlain) return false;
  if ('variant' in fallthrough) return fallthrough.variant !== off;
  return (
    'split' in fallthrough && fallthrough.split.some(({ variant, percentage }) => percentage === 100 && variant !== off)
  );
}

export const STALE_WORDS: Readonly<Record<NonNullable<ListedFlag['stale']>['reason'], string>> = {
  never_evaluated: 'Nobody has ever asked for it',
  not_evaluated: 'Nobody asks for it any more',
  one_variant_only: 'Everyone has been getting the same for a long time',
  fully_rolled_out: 'It is rolled out to everyone and unchanged for a long time',
  archived_but_referenced: 'It is archived, but code still names it',
};
