import type { Json } from './json.ts';

/** Shares of traffic or of users are whole numbers out of this, so the finest step is 0.001 %. */
export const SHARE_WHOLE = 100_000;

/** One environment's complete, immutable configuration as it travels to SDKs, gateway and relays. */
export interface Snapshot {
  readonly format: 'spillway.snapshot/1';
  readonly project: string;
  readonly environment: string;
  /** Sequence number of the newest log entry folded in; grows, never repeats. */
  readonly number: number;
  readonly flags: Readonly<Record<string, FlagDefinition>>;
  readonly segments: Readonly<Record<string, SegmentDefinition>>;
  /** Active kill switches only. */
  readonly switches: Readonly<Record<string, SwitchDefinition>>;
}

/** A change from the snapshot numbered `base` to the one numbered `number`; applies to `base` or not at all. */
export interface SnapshotDelta {
  readonly format: 'spillway.delta/1';
  readonly project: string;
  readonly environment: string;
  readonly base: number;
  readonly number: number;
  /** `null` removes the entry. */
  readonly flags?: Readonly<Record<string, FlagDefinition | null>>;
  readonly segments?: Readonly<Record<string, SegmentDefinition | null>>;
  readonly switches?: Readonly<Record<string, SwitchDefinition | null>>;
}

export type FlagType = 'boolean' | 'string' | 'number' | 'json';

export interface Variant {
  readonly name: string;
  readonly value: Json;
}

/** A flag as one environment sees it. */
export interface FlagDefinition {
  readonly key: string;
  readonly version: number;
  readonly type: FlagType;
  readonly variants: readonly Variant[];
  /** Services whose kill switch also turns this flag off. */
  readonly services: readonly string[];
  readonly enabled: boolean;
  /** Served when the flag is off or killed. */
  readonly off_variant: string;
  /** `individual targets`: looked up by targeting key before any rule. */
  readonly targets: readonly Target[];
  readonly rules: readonly Rule[];
  readonly fallthrough: Serve;
  readonly bucketing: Bucketing;
}

export interface Target {
  readonly variant: string;
  readonly keys: readonly string[];
}

export interface Bucketing {
  /** Named in the flag because changing it moves users. */
  readonly algorithm: 'spillway-1';
  /** `targetingKey` or the name of a context attribute. */
  readonly by: string;
  /** Flags that share a seed roll out to the same people; the default is the flag's key. */
  readonly seed: string;
}

export interface Rule {
  readonly id: string;
  readonly description?: string;
  readonly when: Condition;
  readonly serve: Serve;
}

export type Serve = { readonly variant: string } | { readonly split: readonly SplitPart[] };

export interface SplitPart {
  readonly variant: string;
  /** 0 to 100 with at most three decimals; the parts of a split sum to 100. */
  readonly percentage: number;
}

export type Operator =
  | 'equals'
  | 'not_equals'
  | 'contains'
  | 'not_contains'
  | 'in'
  | 'not_in'
  | 'greater_than'
  | 'greater_or_equal'
  | 'less_than'
  | 'less_or_equal'
  | 'between'
  | 'starts_with'
  | 'ends_with'
  | 'regex'
  | 'semver_equals'
  | 'semver_greater_than'
  | 'semver_less_than'
  | 'before'
  | 'after'
  | 'exists';

export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly segment: string }
  | {
      readonly attribute: string;
      readonly operator: Operator;
      /** `in`/`not_in` take many, `between` two, `exists` none, the others one. */
      readonly values: readonly Json[];
    };

export interface SegmentDefinition {
  readonly key: string;
  readonly version: number;
  readonly when: Condition;
}

export type SwitchScope = 'global' | 'region' | 'service' | 'user_segment' | 'feature';

export interface SwitchDefinition {
  readonly key: string;
  readonly version: number;
  readonly scope: SwitchScope;
  /** What the scope names: services for `service`, flag keys for `feature`; empty for `global`. */
  readonly affects: readonly string[];
}
