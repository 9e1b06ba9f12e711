import type { Json } from './json.ts';

/** Shares of traffic or of users are whole numbers out of this, so the finest step is 0.001 %. */
export const SHARE_WHOLE = 100_000;

/**
 * One environment's complete, immutable configuration as it travels to SDKs, gateway and relays.
 *
 * The format grows by optional fields only; a snapshot without them means what it always meant. A reader ignores fields
 * it does not know, unless the object that holds them lists them in `essential`: then it refuses the whole payload and
 * keeps the last good one, because answering without them would be wrong (`docs/reference/evaluation.md`).
 */
export interface Snapshot extends Essential {
  readonly format: 'spillway.snapshot/1';
  readonly project: string;
  readonly environment: string;
  /** Sequence number of the newest log entry folded in; grows, never repeats. */
  readonly number: number;
  readonly flags: Readonly<Record<string, FlagDefinition>>;
  readonly segments: Readonly<Record<string, SegmentDefinition>>;
  /** Active kill switches only. */
  readonly switches: Readonly<Record<string, SwitchDefinition>>;
  /** Of all the rest, by the control plane: Ed25519 in unpadded base64url (`docs/reference/signatures.md`). Optional: not signed. */
  readonly signature?: string;
}

/** Every object of a snapshot or delta may name those of its own fields that a reader must understand. */
export interface Essential {
  readonly essential?: readonly string[];
}

/** A change from the snapshot numbered `base` to the one numbered `number`; applies to `base` or not at all. */
export interface SnapshotDelta extends Essential {
  readonly format: 'spillway.delta/1';
  readonly project: string;
  readonly environment: string;
  readonly base: number;
  readonly number: number;
  /** `null` removes the entry. */
  readonly flags?: Readonly<Record<string, FlagDefinition | null>>;
  readonly segments?: Readonly<Record<string, SegmentChange | null>>;
  readonly switches?: Readonly<Record<string, SwitchDefinition | null>>;
  /** That of the snapshot numbered `number`. Optional: it has none. */
  readonly signature?: string;
}

export type FlagType = 'boolean' | 'string' | 'number' | 'json';

export interface Variant {
  readonly name: string;
  readonly value: Json;
}

/** A flag as one environment sees it. */
export interface FlagDefinition extends Essential {
  readonly key: string;
  readonly version: number;
  readonly type: FlagType;
  readonly variants: readonly Variant[];
  /** Services whose kill switch also turns this flag off. */
  readonly services: readonly string[];
  readonly enabled: boolean;
  /** Served when the flag is off, killed, or lacks a prerequisite. */
  readonly off_variant: string;
  /** All must be met before anything else is asked; a flag in a cycle of them, or of what rules ask of flags, answers ERROR. Optional: none. */
  readonly prerequisites?: readonly Prerequisite[];
  /** `individual targets`: looked up by the subject's key before any rule; the first that lists it decides. */
  readonly targets: readonly Target[];
  readonly rules: readonly RuleDefinition[];
  readonly fallthrough: ServeDefinition;
  readonly bucketing: Bucketing;
}

/** Met when the flag, asked for the same context and moment, serves one of the variants; an ERROR serves none. */
export interface Prerequisite extends Essential {
  readonly flag: string;
  readonly variants: readonly string[];
}

export interface Target extends Essential {
  readonly variant: string;
  readonly keys: readonly string[];
  /** The attribute that holds the subject's key. Optional: `targetingKey`. */
  readonly by?: string;
  /** Fields to follow inside it. Optional: none. */
  readonly path?: readonly string[];
}

export interface Bucketing extends Essential {
  /** Named in the flag because changing it moves users. */
  readonly algorithm: 'spillway-1';
  /** `targetingKey` or the name of a context attribute. */
  readonly by: string;
  /** Fields to follow inside it, such as `["key"]` for `{organisation: {key: "acme"}}`. Optional: none. */
  readonly path?: readonly string[];
  /** Flags that share a seed roll out to the same people; the default is the flag's key. */
  readonly seed: string;
}

export interface Rule extends Essential {
  readonly id: string;
  readonly description?: string;
  readonly when: Condition;
  readonly serve: Serve;
}

/** A rule as it travels: everything a rule can be, of which `Rule` is the part without schedules. */
export interface RuleDefinition extends Omit<Rule, 'serve'> {
  readonly serve: ServeDefinition;
  /** Buckets this rule's split otherwise than the flag does. Optional, as is each field; a `by` brings its own `path`. */
  readonly bucketing?: Partial<Bucketing>;
}

export type Serve = { readonly variant: string } | { readonly split: readonly SplitPart[] };

/** What is served, as it travels. An object with several of these fields serves the first of them in this order. */
export type ServeDefinition =
  | Serve
  /** A value of the flag's type that is none of its variants; the answer has no variant. */
  | { readonly value: Json }
  | { readonly stages: Stages }
  | { readonly ramp: Ramp };

export interface SplitPart extends Essential {
  readonly variant: string;
  /** 0 to 100 with at most three decimals; the parts of a split sum to 100. */
  readonly percentage: number;
}

/** Shares that change at given instants. Before the first step everyone gets `otherwise`. */
export interface Stages extends Essential {
  /** What a step's `percentage` is a percentage of; needed when a step has one. */
  readonly variant?: string;
  readonly otherwise: string;
  /** In the order of their times; each lasts until the next begins. */
  readonly steps: readonly Stage[];
}

/** Begins at `from_ms` (milliseconds since 1970). The percentage takes the lowest buckets: last in, first out. */
export type Stage =
  | { readonly from_ms: number; readonly percentage: number }
  | { readonly from_ms: number; readonly split: readonly SplitPart[] };

/** A share that moves in a straight line from one instant to another, evaluated locally; raised or lowered: last in, first out. */
export interface Ramp extends Essential {
  readonly variant: string;
  readonly otherwise: string;
  readonly from_ms: number;
  readonly to_ms: number;
  readonly from_percentage: number;
  readonly to_percentage: number;
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
  | 'semver_greater_or_equal'
  | 'semver_less_than'
  | 'semver_less_or_equal'
  | 'before'
  | 'after'
  | 'exists'
  /** Answered as another product does: `values` is its name and a test of its kind, which reads the whole context. */
  | 'imported';

export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly segment: string }
  | FlagCondition
  | Comparison;

/**
 * Holds when another flag, asked for the same context and moment, serves one of the variants; an ERROR serves none, nor
 * does a flag that is not known. In rules only: a segment is asked before any flag. A flag whose rules lead back to it
 * answers ERROR.
 */
export interface FlagCondition extends Essential {
  readonly flag: string;
  readonly variants: readonly string[];
}

export interface Comparison extends Essential {
  readonly attribute: string;
  /** Fields to follow inside the attribute: `organisation.plan` is attribute `organisation`, path `["plan"]`. Optional: none. */
  readonly path?: readonly string[];
  readonly operator: Operator;
  /** `in`/`not_in` take many, `between` two, `exists` none, the others one. */
  readonly values: readonly Json[];
  /** Text is compared after Unicode's default lower-casing. Optional: false. */
  readonly ignore_case?: boolean;
}

/**
 * A context belongs to it when `when` holds, or `members` lists it, or its `score` is reached; provided that it belongs
 * to all `parents` and to none of the `exclusions`. A segment that (through others) refers to itself has no members.
 */
export interface SegmentDefinition extends Essential {
  readonly key: string;
  readonly version: number;
  /** `{any: []}` where a list or score alone decides, `{all: []}` where the parents do. */
  readonly when: Condition;
  readonly members?: Members;
  readonly score?: Score;
  readonly parents?: readonly string[];
  readonly exclusions?: readonly string[];
  /** Orders `segmentsOf`, the highest first; membership does not depend on it. Optional: 0. */
  readonly priority?: number;
}

/** A list of subjects, as sorted fingerprints of their keys; `encodeMembers` makes it (docs/reference/bucketing.md). */
export interface Members extends Essential {
  readonly algorithm: 'spillway-fingerprint-1';
  /** Nine characters each. */
  readonly fingerprints: string;
  /** The attribute that holds the subject's key. Optional: `targetingKey`. */
  readonly by?: string;
  readonly path?: readonly string[];
}

/** A segment in a delta: a list may come as what changed of it, because lists are large and their changes small. */
export interface SegmentChange extends Omit<SegmentDefinition, 'members'> {
  readonly members?: Members | MembersPatch;
}

/** What leads from one list to the next; applies to the list it was made for or not at all. */
export interface MembersPatch extends Omit<Members, 'fingerprints'> {
  /** The version of the segment that holds the list this was made for. */
  readonly base_version: number;
  /** Sorted fingerprints, nine characters each; none of them is in the list before. */
  readonly added: string;
  /** The same, and all of them are. */
  readonly removed: string;
  /** How many members there are afterwards. */
  readonly count: number;
}

/** Reached when the weights of the rules that hold sum to at least `threshold`. */
export interface Score extends Essential {
  readonly rules: readonly ScoreRule[];
  readonly threshold: number;
}

export interface ScoreRule extends Essential {
  readonly when: Condition;
  readonly weight: number;
}

export type SwitchScope = 'global' | 'region' | 'service' | 'user_segment' | 'feature';

export interface SwitchDefinition extends Essential {
  readonly key: string;
  readonly version: number;
  readonly scope: SwitchScope;
  /**
   * What the scope names: regions (compared with the context's `region`), services, segments, or flag keys for
   * `feature`; empty for `global`.
   */
  readonly affects: readonly string[];
}
