import type { CallInput } from '@spillway/contract';
import { STARTING_PERCENTAGE } from '@spillway/core';
import type { Flag } from '../../documents.ts';

export type Kind = NonNullable<Flag['kind']>;
type Strategy = NonNullable<CallInput<'createFlag'>['body']['strategy']>;

/** What people make flags for, each a starting point that can be changed later. */
export const KINDS: readonly { readonly id: Kind; readonly label: string; readonly about: string }[] = [
  { id: 'boolean', label: 'On or off', about: 'Everyone gets it where it is on.' },
  { id: 'percentage', label: 'Percentage', about: 'A share of people gets it; raising it never takes anyone out.' },
  { id: 'user_list', label: 'List of people', about: 'The people you name get it, nobody else.' },
  { id: 'environment', label: 'Environments', about: 'Everyone gets it, in the environments you choose only.' },
  { id: 'experiment', label: 'Experiment', about: 'Every variant gets the same share of people.' },
];

export interface Preset {
  readonly kind: Kind;
  readonly percentage: number;
  readonly users: readonly string[];
}

export const FIRST_PRESET: Preset = { kind: 'boolean', percentage: STARTING_PERCENTAGE, users: [] };

/** What the form asks about the kind; the server prepares the rest. */
export function chosenStrategy({ kind, percentage, users }: Preset): Strategy | undefined {
  if (kind === 'percentage') return { type: 'percentage', percentage };
  return kind === 'user_list' ? { type: 'user_list', users: [...users] } : undefined;
}
