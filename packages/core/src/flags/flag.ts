import type { Bucketing, FlagType, Rule, Serve, Target, Variant } from '@spillway/evaluator';

/** What a team keeps about a flag; each environment has its own state in it. */
export interface Flag {
  readonly key: string;
  readonly type: FlagType;
  readonly description: string;
  readonly owner: string;
  readonly tags: readonly string[];
  /** Services whose kill switch also turns this flag off. */
  readonly services: readonly string[];
  readonly variants: readonly Variant[];
  readonly lifecycle: 'active' | 'archived';
  /** Keyed by environment; an environment that is missing has the flag off. */
  readonly environments: Readonly<Record<string, FlagEnvironment>>;
}

export interface FlagEnvironment {
  readonly enabled: boolean;
  readonly off_variant: string;
  readonly targets: readonly Target[];
  readonly rules: readonly Rule[];
  readonly fallthrough: Serve;
  readonly bucketing: Bucketing;
}
