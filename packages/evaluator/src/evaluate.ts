import type { Evaluation, EvaluationContext } from './evaluation.ts';
import type { Json } from './json.ts';
import type { Snapshot } from './snapshot.ts';

/** A snapshot made ready to answer: everything that can be resolved beforehand is. Immutable. */
export interface Configuration {
  readonly snapshot: Snapshot;
  readonly number: number;
}

/** Compiles a snapshot; with `previous`, flags that did not change keep their compiled form. */
export declare function compile(snapshot: Snapshot, previous?: Configuration): Configuration;

/**
 * One answer; never throws, never waits. `now` is wall time in milliseconds. On any fault the value is `fallback`
 * with reason ERROR and an error code (FLAG_NOT_FOUND, TARGETING_KEY_MISSING, …).
 */
export declare function evaluate(
  configuration: Configuration,
  flagKey: string,
  context: EvaluationContext,
  now: number,
  fallback: Json,
): Evaluation;
