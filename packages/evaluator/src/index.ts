export { bucketOf } from './bucketing/bucket.ts';
export { compile } from './compile.ts';
export { parseInstant } from './conditions/instants.ts';
export { parseVersion } from './conditions/semver.ts';
export type { Configuration } from './configuration.ts';
export { evaluate } from './evaluate.ts';
export type { ErrorCode, Evaluation, EvaluationContext, EvaluationMetadata, Reason } from './evaluation.ts';
export type { Json } from './json.ts';
export { patternProblem } from './patterns/pattern.ts';
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
