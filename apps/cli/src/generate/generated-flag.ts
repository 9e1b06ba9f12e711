import { type Flag, valueWhenOff } from '@spillway/core';
import type { Json } from '@spillway/evaluator';

/** What generated code has to know of a flag. */
export interface GeneratedFlag {
  readonly key: string;
  readonly type: Flag['type'];
  readonly description: string;
  /** What code answers while Spillway cannot: the value of a flag that is off. */
  readonly fallback: Json;
  /** Why it should no longer be asked. */
  readonly deprecated?: string;
}

interface Source extends Pick<Flag, 'key' | 'type' | 'description' | 'variants' | 'environments' | 'lifecycle'> {
  readonly stale?: { readonly reason: string } | null;
}

/** In the order of their keys, so that the same flags make the same file. */
export function generatedFlags(flags: Iterable<Source>): GeneratedFlag[] {
  return [...flags].map(generated).toSorted((one, other) => (one.key < other.key ? -1 : 1));
}

function generated({ key, type, description, variants, environments, lifecycle, stale }: Source): GeneratedFlag {
  const deprecated = lifecycle === 'archived' ? 'archived' : stale?.reason.replaceAll('_', ' ');
  return {
    key,
    type,
    description,
    fallback: valueWhenOff({ key, variants, environments }),
    ...(deprecated === undefined ? {} : { deprecated }),
  };
}
