import type { ImportMode, Overlap, Preview, Segment, SegmentDependents, SegmentInput } from '@spillway/core';
import type { EvaluationContext } from '@spillway/evaluator';
import type { Answer, Call, Page, PageRequest, Versioned, Written } from '../call.ts';
import type { PreviewSample } from '../contexts/sample.ts';
import type { Comparison, HistoryEntry } from '../documents/history.ts';
import type { SegmentPage } from './list.ts';

export interface SegmentUseCases {
  list(call: Call, page: PageRequest & { readonly search?: string }): Answer<SegmentPage>;
  get(call: Call, key: string): Answer<Versioned<Segment>>;
  create(call: Call, input: SegmentInput): Answer<Written<Segment>>;
  replace(call: Call, key: string, input: SegmentInput): Answer<Written<Segment>>;
  remove(call: Call, key: string): Answer<void>;
  dependents(call: Call, key: string): Answer<SegmentDependents>;
  /** Its changes; who came and went over time is its membership. */
  history(call: Call, key: string, page: PageRequest): Answer<Page<HistoryEntry>>;
  version(call: Call, key: string, version: number): Answer<Versioned<Segment>>;
  compare(call: Call, key: string, range: { readonly from?: number; readonly to?: number }): Answer<Comparison>;
  /** Makes the segment again what it was at a version, its list with it, as a new change; also one that was deleted. */
  restore(call: Call, key: string, version: number): Answer<Written<Segment>>;
  /** The keys come in batches as they arrive; nothing is changed before the last one. What they throw is thrown on. */
  importMembers(
    call: Call,
    key: string,
    mode: ImportMode,
    batches: AsyncIterable<readonly string[]>,
  ): Answer<MemberImport>;
  /** How many of the profiles belong to it. */
  estimate(call: Call, key: string): Answer<Estimate>;
  /** The same for one that is not stored, or not so. */
  estimateDraft(call: Call, input: SegmentInput): Answer<Estimate>;
  overlap(call: Call, keys: readonly string[]): Answer<Overlap & Pick<Estimate, 'profiles' | 'sampled'>>;
  /** Who came and went over time, the newest first. */
  membership(call: Call, key: string): Answer<{ readonly items: readonly MembershipPoint[] }>;
  /** What a change would do to every flag whose answers may depend on the segment; nothing is written. */
  preview(call: Call, key: string, request: SegmentPreviewRequest): Answer<SegmentPreview>;
  /** Which of the keys the segment's list holds. */
  checkMembers(call: Call, key: string, keys: readonly string[]): Answer<MemberCheck>;
}

export interface SegmentPreviewRequest {
  readonly segment: SegmentInput;
  /** All of them unless one is named. */
  readonly environment?: string;
  readonly contexts?: readonly EvaluationContext[];
}

export interface SegmentPreview {
  readonly environments: Readonly<Record<string, SegmentPreviewIn>>;
}

export interface SegmentPreviewIn {
  readonly sample: PreviewSample;
  /** How many of the contexts belong to the segment, and would. */
  readonly members: {
    readonly before: number;
    readonly after: number;
    readonly entered: number;
    readonly left: number;
  };
  /** Every flag whose answers may depend on the segment, changed or not. */
  readonly flags: Readonly<Record<string, Preview>>;
  /** How many such flags were not looked at, for want of time. */
  readonly flags_left_out: number;
}

/** What an import came to. */
export interface MemberImport {
  readonly version: number;
  readonly count: number;
  readonly added: number;
  readonly removed: number;
}

/** The size of a segment by the profiles that are kept; of those that were looked at, a share with its interval. */
export interface Estimate {
  readonly profiles: number;
  readonly sampled: number;
  /** Whether all were looked at, so that nothing is estimated. */
  readonly exact: boolean;
  readonly share: number;
  readonly members: number;
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
}

export interface MembershipPoint {
  readonly at: string;
  readonly profiles: number;
  readonly sampled: number;
  /** Among those that were looked at, as are the next two. */
  readonly members: number;
  readonly entered: number;
  readonly left: number;
}

export interface MemberCheck {
  readonly count: number;
  readonly items: readonly { readonly key: string; readonly listed: boolean }[];
}
