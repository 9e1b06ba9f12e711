import { bucketingText } from '../bucketing/bucket.ts';
import type { ConditionForm } from '../conditions/compile-condition.ts';
import type { EvaluationContext } from '../evaluation.ts';
import type { MembersForm, ScoreForm, SegmentForm } from '../segments/segment-form.ts';
import type { ConditionTrace, FlagConditionTrace, MembersTrace, ScoreTrace, SegmentTrace } from './trace.ts';

export function traceCondition(form: ConditionForm, context: EvaluationContext, now: number): ConditionTrace {
  if (form.is === 'segment') return traceSegment(form.segment, context, now);
  const met = form.test(context, now);
  if (form.is === 'flag') return traceFlagCondition(form, context, now);
  if (form.is !== 'comparison') {
    return { is: form.is, met, parts: form.parts.map((part) => traceCondition(part, context, now)) };
  }
  const { attribute, path, operator, values, ignore_case: ignoresCase } = form.source;
  const actual = form.read(context) ?? undefined;
  return {
    is: 'comparison',
    attribute,
    ...(path === undefined ? {} : { path }),
    operator,
    expected: values,
    ...(ignoresCase === undefined ? {} : { ignore_case: ignoresCase }),
    ...(actual === undefined ? {} : { actual }),
    met,
  };
}

function traceFlagCondition(
  { test, source, served }: Extract<ConditionForm, { is: 'flag' }>,
  context: EvaluationContext,
  now: number,
): FlagConditionTrace {
  const actual = served(context, now);
  const { flag, variants: expected } = source;
  return { is: 'flag', flag, expected, ...(actual === undefined ? {} : { actual }), met: test(context, now) };
}

export function traceSegment(form: SegmentForm, context: EvaluationContext, now: number): SegmentTrace {
  const head = { is: 'segment', segment: form.key, met: form.test(context, now) } as const;
  if (form.is === 'empty') return { ...head, problem: form.problem, parts: [] };
  const { when, members, score, parents, exclusions } = form;
  return {
    ...head,
    parts: [traceCondition(when, context, now)],
    ...(members === undefined ? {} : { members: traceMembers(members, context, now) }),
    ...(score === undefined ? {} : { score: traceScore(score, context, now) }),
    ...(parents.length === 0 ? {} : { parents: parents.map((parent) => traceSegment(parent, context, now)) }),
    ...(exclusions.length === 0 ? {} : { exclusions: exclusions.map((each) => traceSegment(each, context, now)) }),
  };
}

function traceMembers({ read, test }: MembersForm, context: EvaluationContext, now: number): MembersTrace {
  const key = bucketingText(read(context));
  return { ...(key === undefined ? {} : { key }), listed: test(context, now) };
}

function traceScore({ source, rules }: ScoreForm, context: EvaluationContext, now: number): ScoreTrace {
  const traced = rules.map(({ weight, when }) => ({ weight, condition: traceCondition(when, context, now) }));
  const sum = traced.reduce((total, { weight, condition }) => (condition.met ? total + weight : total), 0);
  return { sum, threshold: source.threshold, rules: traced };
}
