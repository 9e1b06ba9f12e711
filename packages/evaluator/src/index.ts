export { bucketOf } from './bucketing/bucket.ts';
export { changedFlags } from './changed-flags.ts';
export { compile } from './compile.ts';
export { parseInstant } from './conditions/instants.ts';
export { parseVersion } from './conditions/semver.ts';
export type { Configuration } from './configuration.ts';
export { evaluate, evaluateAll } from './evaluate.ts';
export type { ErrorCode, Evaluation, EvaluationContext, EvaluationMetadata, Reason } from './evaluation.ts';
export type { Json } from './json.ts';
export { patternProblem } from './patterns/pattern.ts';
export { applyDelta } from './payload/apply-delta.ts';
export { type ParsedDelta, type ParsedSnapshot, parseDelta, parseSnapshot } from './payload/parse.ts';
export type {
  Bucketing,
  Condition,
  FlagDefinition,
  FlagType,
  Operator,
  Rule,
  SegmentDefinition,
  Serve,
  Snapshot,
  SnapshotDelta,
  SplitPart,
  SwitchDefinition,
  SwitchScope,
  Target,
  Variant,
} from './snapshot.ts';
export { SHARE_WHOLE } from './snapshot.ts';
export { explain } from './trace/explain.ts';
export type { ConditionTrace, Explanation, RuleTrace, SplitTrace, Trace } from './trace/trace.ts';
