import type { Json } from '@spillway/evaluator';

/** Stable codes: clients branch on them, prose may change. `http` maps each to one status. */
export type RefusalCode =
  | 'malformed' // the request cannot be read at all
  | 'invalid' // readable, but a field breaks a rule
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'exists'
  | 'stale' // another write came first; carries both versions
  | 'conflict' // right form, wrong state (e.g. rollout already running)
  | 'in_use' // something still depends on it
  | 'too_large'
  | 'rate_limited'
  | 'unavailable';

/** Why a request was turned down: what is wrong, where, and what to do about it. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  /** JSON Pointers into the request and what is wrong there, e.g. `/environments/production/rules/0`. */
  readonly fields?: readonly FieldProblem[];
  /** Structured extras, e.g. `{expected_version, actual_version}` for `stale`. */
  readonly details?: Readonly<Record<string, Json>>;
}

export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export function accept<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function refuse(
  code: RefusalCode,
  message: string,
  more: Pick<Refusal, 'fields' | 'details'> = {},
): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { code, message, ...more } };
}
