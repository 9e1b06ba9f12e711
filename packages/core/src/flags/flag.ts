import type {
  Bucketing,
  Condition,
  FlagType,
  Json,
  Prerequisite,
  Serve,
  SplitPart,
  Target,
  Variant,
} from '@spillway/evaluator';

/** What a flag is for, in the words of those who made it: how it is prepared when it is made. Evaluation does not ask. */
export type FlagKind = 'boolean' | 'percentage' | 'user_list' | 'environment' | 'experiment';

/** What a team keeps about a flag; each environment has its own state in it. */
export interface Flag {
  readonly key: string;
  readonly type: FlagType;
  readonly kind?: FlagKind;
  readonly description: string;
  readonly owner: string;
  readonly tags: readonly string[];
  /** Services whose kill switch also turns this flag off. */
  readonly services: readonly string[];
  readonly variants: readonly Variant[];
  /** A JSON Schema that every variant and every served value meets; for flags of type json. */
  readonly value_schema?: ValueSchema;
  readonly lifecycle: 'active' | 'archived';
  /** Never reported stale. */
  readonly permanent?: true;
  /** Who keeps this flag in files; set when definitions are applied. */
  readonly managed_by?: string;
  /** Serves its off variant unless this flag serves something else than its own. */
  readonly parent?: string;
  /** The flag may be enabled only there. Optional: everywhere. */
  readonly target_environments?: readonly string[];
  /** Keyed by environment; an environment that is missing has the flag off. */
  readonly environments: Readonly<Record<string, FlagEnvironment>>;
}

export type ValueSchema = Readonly<Record<string, Json>>;

export interface FlagEnvironment {
  readonly enabled: boolean;
  readonly off_variant: string;
  readonly prerequisites?: readonly Prerequisite[];
  readonly targets: readonly Target[];
  readonly rules: readonly FlagRule[];
  readonly fallthrough: FlagServe;
  readonly bucketing: Bucketing;
}

export interface FlagRule {
  readonly id: string;
  readonly description?: string;
  readonly when: Condition;
  readonly serve: FlagServe;
  /** Buckets this rule's split otherwise than the flag does; a `by` brings its own `path`. */
  readonly bucketing?: RuleBucketing;
}

export interface RuleBucketing {
  readonly by?: string;
  readonly path?: readonly string[];
  readonly seed?: string;
}

/** What is served, with times as people write them: RFC 3339 text. */
export type FlagServe =
  | Serve
  /** A value of the flag's type that is none of its variants. */
  | { readonly value: Json }
  | { readonly stages: FlagStages }
  | { readonly ramp: FlagRamp };

/** Shares that change at given instants. Before the first step everyone gets `otherwise`. */
export interface FlagStages {
  /** What a step's `percentage` is a percentage of; needed when a step has one. */
  readonly variant?: string;
  readonly otherwise: string;
  readonly steps: readonly FlagStage[];
}

export type FlagStage =
  | { readonly from: string; readonly percentage: number }
  | { readonly from: string; readonly split: readonly SplitPart[] };

/** A share that moves in a straight line from one instant to another. */
export interface FlagRamp {
  readonly variant: string;
  readonly otherwise: string;
  readonly from: string;
  readonly to: string;
  readonly from_percentage: number;
  readonly to_percentage: number;
}
