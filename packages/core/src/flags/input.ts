import type { Bucketing, FlagType, Rule, Serve, Target, Variant } from '@spillway/evaluator';

/** A flag as a person sends it: what has an obvious default may be left out. */
export interface FlagInput {
  readonly key: string;
  readonly type?: FlagType | undefined;
  readonly description?: string | undefined;
  readonly owner?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly services?: readonly string[] | undefined;
  readonly variants?: readonly Variant[] | undefined;
  readonly environments?: Readonly<Record<string, FlagEnvironmentInput>> | undefined;
}

export interface FlagEnvironmentInput {
  readonly enabled?: boolean | undefined;
  readonly off_variant?: string | undefined;
  readonly targets?: readonly Target[] | undefined;
  /** A rule without an id gets one. */
  readonly rules?: readonly (Omit<Rule, 'id'> & { readonly id?: string | undefined })[] | undefined;
  readonly fallthrough?: Serve | undefined;
  /** Shorthand for a boolean flag: this share of users gets `on`, the rest `off`. */
  readonly percentage?: number | undefined;
  readonly bucketing?: { readonly [K in keyof Bucketing]?: Bucketing[K] | undefined } | undefined;
}
