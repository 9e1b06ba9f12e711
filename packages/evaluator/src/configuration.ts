import type { Evaluation } from './evaluation.ts';
import type { FlagForm } from './flags/flag-form.ts';
import type { SegmentForm } from './segments/segment-form.ts';
import type { Snapshot } from './snapshot.ts';

/** A snapshot made ready to answer: everything that can be resolved beforehand is. Immutable. */
export interface Configuration {
  readonly snapshot: Snapshot;
  readonly number: number;
  /** Compiled; not for reading outside this package. */
  readonly flags: ReadonlyMap<string, BoundFlag>;
  readonly segments: ReadonlyMap<string, SegmentForm>;
}

/** A compiled flag under one configuration: its number, and the kill switch that lies over it. */
export interface BoundFlag {
  readonly form: FlagForm | undefined;
  readonly key: string;
  readonly number: number;
  readonly killSwitch: string | undefined;
  /** A decision that no context can change, or `UNDECIDED`. */
  readonly settled: number;
  readonly problem: string | undefined;
  /** By decision; made when first given, then shared. */
  readonly answers: (Evaluation | undefined)[];
}

export const UNDECIDED = -9;
