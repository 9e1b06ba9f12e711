import type { Json } from './json.ts';

/** OpenFeature's evaluation context: a targeting key and free attributes. */
export interface EvaluationContext {
  readonly targetingKey?: string;
  readonly [attribute: string]: Json | undefined;
}

export type Reason = 'STATIC' | 'DEFAULT' | 'TARGETING_MATCH' | 'SPLIT' | 'DISABLED' | 'ERROR';

export type ErrorCode =
  | 'PROVIDER_NOT_READY'
  | 'FLAG_NOT_FOUND'
  | 'PARSE_ERROR'
  | 'TYPE_MISMATCH'
  | 'TARGETING_KEY_MISSING'
  | 'INVALID_CONTEXT'
  | 'GENERAL';

/** One answer, in OpenFeature's terms. Immutable and shared between evaluations: never mutate it. */
export interface Evaluation<T = Json> {
  readonly flagKey: string;
  readonly value: T;
  readonly variant?: string;
  readonly reason: Reason;
  readonly errorCode?: ErrorCode;
  readonly errorMessage?: string;
  readonly flagMetadata: EvaluationMetadata;
}

export interface EvaluationMetadata {
  /** The numbered configuration that gave this answer; 0 before any was loaded. */
  readonly configuration: number;
  readonly flagVersion?: number;
  /** The rule that matched. */
  readonly rule?: string;
  /** The active kill switch that was obeyed. */
  readonly killSwitch?: string;
  /** The flag that does not serve what this one requires. */
  readonly prerequisite?: string;
}
