import type { Flag } from '@spillway/core';

type FlagKind = NonNullable<Flag['kind']>;

/** Named here once more: reading all of core for five words would make every command wait. */
const KINDS: Readonly<Record<FlagKind, true>> = {
  boolean: true,
  percentage: true,
  user_list: true,
  environment: true,
  experiment: true,
};

export const FLAG_KINDS = Object.keys(KINDS) as readonly FlagKind[];
