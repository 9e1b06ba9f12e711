import type {
  Dependant,
  Flag,
  FlagEnvironmentInput,
  FlagInput,
  NewFlag,
  Preview,
  RuleReach,
  Staleness,
  Unreachable,
} from '@spillway/core';
import type { EvaluationContext } from '@spillway/evaluator';
import type { Answer, Call, Page, PageRequest, Versioned, Written } from '../call.ts';
import type { PreviewSample } from '../contexts/sample.ts';
import type { Comparison, HistoryEntry } from '../documents/history.ts';
import type { FoundReference } from '../references/directory.ts';
import type { FlagListRequest, FlagPage } from './list.ts';

export interface FlagUseCases {
  list(call: Call, request: FlagListRequest): Answer<FlagPage>;
  get(call: Call, key: string): Answer<Versioned<Flag>>;
  /** Prepared for its kind, but off unless the input says otherwise. */
  create(call: Call, input: NewFlag): Answer<Written<Flag>>;
  replace(call: Call, key: string, input: FlagInput): Answer<Written<Flag>>;
  updateEnvironment(call: Call, key: string, environment: string, input: FlagEnvironmentInput): Answer<Written<Flag>>;
  archive(call: Call, key: string): Answer<Written<Flag>>;
  remove(call: Call, key: string): Answer<void>;
  history(call: Call, key: string, page: PageRequest): Answer<Page<HistoryEntry>>;
  version(call: Call, key: string, version: number): Answer<Versioned<Flag>>;
  compare(call: Call, key: string, range: { readonly from?: number; readonly to?: number }): Answer<Comparison>;
  /**
   * What a change would do to the contexts given, or to those that were asked for lately; checked as saving it would be,
   * and nothing is written.
   */
  preview(call: Call, key: string, request: PreviewRequest): Answer<FlagPreview>;
  /** Makes the flag again what it was at a version, as a new change; also one that was deleted. */
  restore(call: Call, key: string, version: number): Answer<Written<Flag>>;
  staleness(call: Call, key: string): Answer<{ readonly stale: Staleness | null }>;
  references(call: Call, key: string): Answer<{ readonly references: readonly FoundReference[] }>;
  dependents(call: Call, key: string): Answer<FlagDependents>;
}

/** What depends on a flag or asks for it. */
export interface FlagDependents {
  readonly flags: readonly Dependant[];
  /** Segments do not ask for flags; named so that every noun answers alike. */
  readonly segments: readonly string[];
  readonly switches: readonly string[];
  readonly references: readonly FoundReference[];
}

/** Either `flag`, or `environment` and `update`. */
export interface PreviewRequest {
  readonly flag?: FlagInput;
  readonly environment?: string;
  readonly update?: FlagEnvironmentInput;
  /** Absent: those that the environment was asked for lately. */
  readonly contexts?: readonly EvaluationContext[];
}

export interface FlagPreview {
  readonly environments: Readonly<Record<string, EnvironmentPreview>>;
  /** Rules that no context will ever get to. */
  readonly warnings: readonly Unreachable[];
}

export interface EnvironmentPreview extends Preview {
  readonly sample: PreviewSample;
  /** Whom each rule would be about, in their order. */
  readonly rules: readonly RuleReach[];
  /** Other flags that would answer differently because they require this one. */
  readonly dependents: Readonly<Record<string, DependentPreview>>;
  /** How many flags that require this one were not looked at, for want of time. */
  readonly dependents_left_out: number;
}

export type DependentPreview = Pick<Preview, 'changed' | 'share' | 'transitions'>;
