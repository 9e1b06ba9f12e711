import { accept, checkReason, type Flag, type Outcome } from '@spillway/core';
import type { Call, Versioned, Written } from '../call.ts';
import type { Changes, Decision } from '../documents/changes.ts';
import type { Structure } from '../documents/structure.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import type { Fence } from '../ports/index.ts';
import { environmentsTouched } from './touched.ts';

export interface FlagChangeDeps {
  readonly changes: Changes;
  readonly structure: Structure;
  readonly environments: EnvironmentDirectory;
}

/** `asked` tells a repeated request from another one with the same idempotency key. */
type Change = (
  call: Call,
  key: string,
  asked: object,
  decide: (flag: Versioned<Flag> | undefined) => Outcome<Decision<Flag>>,
) => Promise<Outcome<Written<Flag> | undefined>>;

export interface FlagChanges {
  /** For what rests on no other document: it waits for nobody. */
  readonly alone: Change;
  /** For what rests on others, or others on it: while it is decided, none of them changes. */
  readonly amongOthers: Change;
  /** Refused where a protected environment feels it and nobody says why. */
  write(call: Call, action: string, before: Versioned<Flag> | undefined, after: Outcome<Flag>): Outcome<Decision<Flag>>;
}

export function createFlagChanges({ changes, structure, environments }: FlagChangeDeps): FlagChanges {
  const change = (fence?: Fence): Change => {
    const held = fence === undefined ? {} : { fence };
    return (call, key, asked, decide) =>
      changes.change(call, { noun: 'flags', key, name: 'flag', request: asked, ...held }, decide);
  };
  return {
    alone: change(),
    amongOthers: (...asked) => structure((fence) => change(fence)(...asked)),
    write(call, action, before, after) {
      if (!after.ok) return after;
      const felt = checkReason(environmentsTouched(before, after.value, environments.all()), call.reason);
      return felt.ok ? accept({ is: 'write', action, after: after.value }) : felt;
    },
  };
}
