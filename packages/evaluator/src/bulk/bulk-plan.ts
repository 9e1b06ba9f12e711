import type { Test } from '../conditions/operators.ts';
import type { BoundFlag } from '../configuration.ts';
import type { Evaluation } from '../evaluation.ts';
import type { Decide } from '../flags/flag-form.ts';

/** How all flags of a configuration are asked for one context: what several of them ask is asked once. */
export interface BulkPlan {
  /** By the flag's place in the snapshot; undefined where the answer depends on the context. */
  readonly settled: readonly (Evaluation | undefined)[];
  readonly groups: readonly RuleGroup[];
  /** Flags that share nothing. */
  readonly alone: readonly PlacedFlag[];
  /** Counts the contexts that were asked for, so that what a test was is known to be this one's. */
  pass: number;
}

export interface PlacedFlag {
  readonly at: number;
  readonly flag: BoundFlag;
}

/** Flags whose rules ask the same: which of them holds is found once for all. */
export interface RuleGroup {
  readonly tests: readonly SharedTest[];
  readonly flags: readonly PlacedFlag[];
  /** What the flags serve, by rule and, last, when none holds. */
  readonly columns: readonly Column[];
}

/** What the flags of a group serve under one of their rules. */
export interface Column {
  /** Undefined where the outcome is fixed. */
  readonly decides: readonly (Decide | undefined)[];
  readonly fixed: readonly (number | undefined)[];
  /** Of fixed outcomes; known once they were given. */
  readonly answers: (Evaluation | undefined)[];
}

/** A condition that several groups may ask, and what it was for the context of one pass. */
export interface SharedTest {
  readonly test: Test;
  pass: number;
  held: boolean;
}
