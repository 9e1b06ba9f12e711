import type { CallInput } from '@spillway/contract';
import type { FlagType, Json } from '@spillway/evaluator';
import type { Flag } from '../../documents.ts';

export type Kind = NonNullable<Flag['kind']>;
type EnvironmentInput = NonNullable<CallInput<'createFlag'>['body']['environments']>[string];

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

/** The state that a flag starts with in an environment: prepared, but off until somebody turns it on. */
export function startingState(
  { kind, percentage, users }: Preset,
  type: FlagType,
  variants: readonly { readonly name: string; readonly value: Json }[],
): EnvironmentInput | undefined {
  if (kind === 'boolean' || kind === 'environment') return undefined;
  if (kind === 'experiment') {
    const names = type === 'boolean' ? ['on', 'off'] : variants.map(({ name }) => name);
    const each = Math.floor(100_000 / names.length) / 1_000;
    const first = Math.round((100 - each * (names.length - 1)) * 1_000) / 1_000;
    return {
      strategy: {
        type: 'experiment',
        split: names.map((variant, index) => ({ variant, percentage: index === 0 ? first : each })),
      },
    };
  }
  const released = type === 'boolean' ? {} : { variant: variants[1]?.name ?? variants[0]?.name ?? '' };
  if (kind === 'percentage') return { strategy: { type: 'percentage', percentage, ...released } };
  return { strategy: { type: 'user_list', users: [...users], ...released } };
}
