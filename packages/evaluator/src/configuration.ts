import type { BulkPlan } from './bulk/bulk-plan.ts';
import type { Evaluation } from './evaluation.ts';
import type { Decide, FlagForm } from './flags/flag-form.ts';
import type { CompiledSegments } from './segments/compile-segments.ts';
import type { FlagDefinition, Prerequisite, Snapshot } from './snapshot.ts';
import type { Guard } from './switches/overlay.ts';

/** A snapshot made ready to answer: everything that can be resolved beforehand is, at the latest when first asked. */
export interface Configuration {
  readonly snapshot: Snapshot;
  readonly number: number;
  /** Compiled; not for reading outside this package. */
  readonly flags: ReadonlyMap<string, BoundFlag>;
  readonly segments: CompiledSegments;
  /** Asked last: many users are asked about one flag in a row, and finding it in the map takes longer than its answer. */
  last: BoundFlag | undefined;
  /** Made when all flags are first asked. */
  bulk: BulkPlan | undefined;
}

/**
 * A flag under one configuration: its number, the kill switches that lie over it, the flags it requires. Compiled when it
 * is first asked, so that starting up costs only what is used; from outside nothing can be seen to change.
 */
export interface BoundFlag {
  readonly key: string;
  readonly number: number;
  readonly definition: FlagDefinition;
  /** The answer that no context can change. */
  always: Evaluation | undefined;
  /** Undefined until the flag is prepared; not to be asked where `always` answers. */
  decide: Decide | undefined;
  /** Known to answer the same at every moment. */
  timeless: boolean;
  /** By decision; made when first given, then shared. */
  answers: (Evaluation | undefined)[];
  /** Until prepared, that of an earlier configuration; undefined when not even the off variant can be read. */
  form: FlagForm | undefined;
  guards: readonly Guard[];
  prerequisites: readonly BoundPrerequisite[];
  problem: string | undefined;
  readonly binder: Binder;
}

export interface BoundPrerequisite {
  readonly source: Prerequisite;
  readonly flag: BoundFlag | undefined;
  readonly accepts: ReadonlySet<string | undefined>;
}

/** Prepares the flags of one configuration. */
export interface Binder {
  readonly prepare: (flag: BoundFlag) => void;
}
