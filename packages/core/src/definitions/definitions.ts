import type { FlagEnvironmentInput, FlagInput } from '../flags/input.ts';
import type { SegmentInput, SegmentMembersInput } from '../segments/input.ts';

/** A flag as a file writes it: its key stands above it, and what holds everywhere may be said once. */
export interface DefinedFlag extends Omit<FlagInput, 'key' | 'managed_by'> {
  /** The state in every environment; what an environment says itself goes before it, field by field. */
  readonly all_environments?: FlagEnvironmentInput | undefined;
}

export interface DefinedSegment extends Omit<SegmentInput, 'key' | 'managed_by' | 'members'> {
  /** The keys alone, where they are looked for in `targetingKey`. */
  readonly members?: SegmentMembersInput | readonly string[] | undefined;
}

/** What files say there is, by key. */
export interface Definitions {
  readonly flags: Readonly<Record<string, DefinedFlag>>;
  readonly segments: Readonly<Record<string, DefinedSegment>>;
}
