import type {
  Condition,
  ConditionTrace,
  EvaluationContext,
  ScoreTrace,
  SegmentDefinition,
  SegmentTrace,
  Snapshot,
} from '@spillway/evaluator';
import { fingerprintOf, keyText } from './bucketing.ts';
import { compares, requireComparison } from './operators.ts';
import { unreadable } from './refusal.ts';
import { valueAt } from './values.ts';

const MAX_DEPTH = 64;
const MAX_WEIGHT = 256;

type Segments = Snapshot['segments'];

/** What another flag serves to the same context at the same moment; undefined for no variant. */
export type Serving = (flag: string) => string | undefined;

/** Refuses a condition of a rule that cannot be understood, and so the segments it names. */
export function requireCondition(condition: Condition, segments: Segments, place: 'rule' | 'segment', depth = 1): void {
  if (depth > MAX_DEPTH) unreadable('nests too deep');
  if ('all' in condition) for (const part of condition.all) requireCondition(part, segments, place, depth + 1);
  else if ('any' in condition) for (const part of condition.any) requireCondition(part, segments, place, depth + 1);
  else if ('not' in condition) requireCondition(condition.not, segments, place, depth + 1);
  else if ('segment' in condition) requireSegment(condition.segment, segments);
  else if ('flag' in condition) {
    if (place === 'segment') unreadable('a segment asks a flag');
  } else if ('attribute' in condition) requireComparison(condition);
  else unreadable('no kind of condition');
}

/** One that is unknown or contains itself is understood: it has no members. */
export function requireSegment(key: string, segments: Segments): void {
  const segment = segmentAt(key, segments);
  if (segment === undefined || containsItself(key, segments)) return;
  if (weightOf(key, segments) > MAX_WEIGHT) unreadable(`${key} is made of too many segments`);
  requireCondition(segment.when, segments, 'segment');
  for (const rule of segment.score?.rules ?? []) requireCondition(rule.when, segments, 'segment');
  for (const named of [...(segment.parents ?? []), ...(segment.exclusions ?? [])]) requireSegment(named, segments);
  if (segment.members === undefined) return;
  const { algorithm, fingerprints } = segment.members;
  if (algorithm !== 'spillway-fingerprint-1') unreadable(`${String(algorithm)} is not known`);
  if (!/^([A-Za-f][\w-]{8})*$/.test(fingerprints)) unreadable('these are no fingerprints');
}

function segmentAt(key: string, segments: Segments): SegmentDefinition | undefined {
  return Object.hasOwn(segments, key) ? segments[key] : undefined;
}

function namedBy(key: string, segments: Segments): readonly string[] {
  const segment = segmentAt(key, segments);
  if (segment === undefined) return [];
  const conditions = [segment.when, ...(segment.score?.rules ?? []).map((rule) => rule.when)];
  return [...(segment.parents ?? []), ...(segment.exclusions ?? []), ...conditions.flatMap(namedIn)];
}

function namedIn(condition: Condition): readonly string[] {
  if ('all' in condition) return condition.all.flatMap(namedIn);
  if ('any' in condition) return condition.any.flatMap(namedIn);
  if ('not' in condition) return namedIn(condition.not);
  return 'segment' in condition ? [condition.segment] : [];
}

/** The flags that a condition asks, each as often as it does. */
export function flagsIn(condition: Condition): readonly string[] {
  if ('all' in condition) return condition.all.flatMap(flagsIn);
  if ('any' in condition) return condition.any.flatMap(flagsIn);
  if ('not' in condition) return flagsIn(condition.not);
  return 'flag' in condition ? [condition.flag] : [];
}

function containsItself(key: string, segments: Segments): boolean {
  const reached = new Set<string>();
  const visit = (from: string): void => {
    for (const named of namedBy(from, segments)) {
      if (reached.has(named)) continue;
      reached.add(named);
      visit(named);
    }
  };
  visit(key);
  return reached.has(key);
}

function weightOf(key: string, segments: Segments): number {
  if (segmentAt(key, segments) === undefined || containsItself(key, segments)) return 1;
  let weight = 1;
  for (const named of namedBy(key, segments)) {
    if (weight > MAX_WEIGHT) break;
    weight += weightOf(named, segments);
  }
  return weight;
}

/** Whether the condition holds, and why. */
export function traceCondition(
  condition: Condition,
  segments: Segments,
  context: EvaluationContext,
  serving: Serving,
): ConditionTrace {
  const inner = (part: Condition) => traceCondition(part, segments, context, serving);
  if ('all' in condition) {
    const parts = condition.all.map(inner);
    return { is: 'all', met: parts.every((part) => part.met), parts };
  }
  if ('any' in condition) {
    const parts = condition.any.map(inner);
    return { is: 'any', met: parts.some((part) => part.met), parts };
  }
  if ('not' in condition) {
    const part = inner(condition.not);
    return { is: 'not', met: !part.met, parts: [part] };
  }
  if ('segment' in condition) return traceSegment(condition.segment, segments, context);
  if ('flag' in condition) {
    const { flag, variants: expected } = condition;
    const actual = serving(flag);
    const met = actual !== undefined && expected.includes(actual);
    return { is: 'flag', flag, expected, ...(actual === undefined ? {} : { actual }), met };
  }
  const { attribute, path, operator, values, ignore_case } = condition;
  const actual = valueAt(context, attribute, path);
  return {
    is: 'comparison',
    attribute,
    ...(path === undefined ? {} : { path }),
    operator,
    expected: values,
    ...(ignore_case === undefined ? {} : { ignore_case }),
    ...(actual === undefined ? {} : { actual }),
    met: actual !== undefined && compares(condition, actual),
  };
}

export function traceSegment(key: string, segments: Segments, context: EvaluationContext): SegmentTrace {
  const segment = segmentAt(key, segments);
  const head = { is: 'segment', segment: key } as const;
  if (segment === undefined) return { ...head, met: false, problem: 'unknown', parts: [] };
  if (containsItself(key, segments)) return { ...head, met: false, problem: 'contains itself', parts: [] };
  const when = traceCondition(segment.when, segments, context, askingNone);
  const members = segment.members && traceMembers(segment.members, context);
  const score = segment.score && traceScore(segment.score, segments, context);
  const parents = (segment.parents ?? []).map((parent) => traceSegment(parent, segments, context));
  const exclusions = (segment.exclusions ?? []).map((exclusion) => traceSegment(exclusion, segments, context));
  const chosen = when.met || members?.listed === true || (score !== undefined && score.sum >= score.threshold);
  return {
    ...head,
    met: chosen && parents.every((parent) => parent.met) && !exclusions.some((exclusion) => exclusion.met),
    parts: [when],
    ...(members === undefined ? {} : { members }),
    ...(score === undefined ? {} : { score }),
    ...(parents.length === 0 ? {} : { parents }),
    ...(exclusions.length === 0 ? {} : { exclusions }),
  };
}

/** A segment that asks a flag is refused before. */
const askingNone: Serving = () => undefined;

function traceMembers(
  { by = 'targetingKey', path, fingerprints }: NonNullable<SegmentDefinition['members']>,
  context: EvaluationContext,
): NonNullable<SegmentTrace['members']> {
  const key = keyText(valueAt(context, by, path));
  if (key === undefined) return { listed: false };
  const listed: readonly string[] = fingerprints.match(/.{9}/g) ?? [];
  return { key, listed: listed.includes(fingerprintOf(key)) };
}

function traceScore(
  { rules, threshold }: NonNullable<SegmentDefinition['score']>,
  segments: Segments,
  context: EvaluationContext,
): ScoreTrace {
  const traced = rules.map(({ weight, when }) => ({
    weight,
    condition: traceCondition(when, segments, context, askingNone),
  }));
  let sum = 0;
  for (const { weight, condition } of traced) if (condition.met) sum += weight;
  return { sum, threshold, rules: traced };
}
