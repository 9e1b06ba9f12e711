export { bucketOf } from './bucketing/bucket.ts';
export { hashUser, type UserSeeds, userHash, userSeedsOf } from './bucketing/user-hash.ts';
export { evaluateAll } from './bulk/evaluate-all.ts';
export { changedFlags } from './changed-flags.ts';
export { compile, prepareAll } from './compile.ts';
export { parseInstant } from './conditions/instants.ts';
export { type ConditionLeaf, eachLeaf } from './conditions/leaves.ts';
export { parseVersion } from './conditions/semver.ts';
export type { Configuration } from './configuration.ts';
export { compileImported, importedProblem } from './dialects/imported.ts';
export { evaluate, evaluateByClock } from './evaluate.ts';
export type { ErrorCode, Evaluation, EvaluationContext, EvaluationMetadata, Reason } from './evaluation.ts';
export type { Json } from './json.ts';
export { compilePattern, patternProblem, unitPatternProblem } from './patterns/pattern.ts';
export { applyDelta } from './payload/apply-delta.ts';
export { type ParsedDelta, type ParsedSnapshot, parseDelta, parseSnapshot } from './payload/parse.ts';
export { flagsAskedBy } from './prerequisites/references.ts';
export { type Problem, problemsIn } from './problems.ts';
export { MAX_SEGMENT_WEIGHT } from './segments/compile-segments.ts';
export {
  encodeMembers,
  FINGERPRINT_BITS,
  FINGERPRINT_WIDTH,
  fingerprintOf,
  readFingerprints,
  writeFingerprints,
} from './segments/fingerprints.ts';
export { belongsTo, segmentsOf } from './segments/membership.ts';
export { diffFingerprints, type FingerprintChanges, patchFingerprints } from './segments/patch-fingerprints.ts';
export { collectSegments } from './segments/references.ts';
export type {
  Bucketing,
  Comparison,
  Condition,
  Essential,
  FlagCondition,
  FlagDefinition,
  FlagType,
  Members,
  MembersPatch,
  Operator,
  Prerequisite,
  Ramp,
  Rule,
  RuleDefinition,
  Score,
  ScoreRule,
  SegmentChange,
  SegmentDefinition,
  Serve,
  ServeDefinition,
  Snapshot,
  SnapshotDelta,
  SplitPart,
  Stage,
  Stages,
  SwitchDefinition,
  SwitchScope,
  Target,
  Variant,
} from './snapshot.ts';
export { SHARE_WHOLE } from './snapshot.ts';
export { explain } from './trace/explain.ts';
export type {
  ConditionTrace,
  Explanation,
  FlagConditionTrace,
  PrerequisiteTrace,
  RuleTrace,
  ScheduleTrace,
  ScoreTrace,
  SegmentTrace,
  SplitTrace,
  SwitchTrace,
  Trace,
} from './trace/trace.ts';
