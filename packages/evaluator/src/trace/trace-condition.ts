import { bucketingText } from '../bucketing/bucket.ts';
import type { ConditionForm } from '../conditions/compile-condition.ts';
import type { EvaluationContext } from '../evaluation.ts';
import type { MembersForm, ScoreForm, SegmentForm } from '../segments/segment-form.ts';
import type { ConditionTrace, MembersTrace, ScoreTrace, SegmentTrace } from './trace.ts';

export function traceCondition(form: ConditionForm, context: EvaluationContext): ConditionTrace {
  if (form.is === 'segment') return traceSegment(form.segment, context);
  const met = form.test(context);
  if (form.is !== 'comparison') {
    return { is: form.is, met, parts: form.parts.map((part) => traceCondition(part, context)) };
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

export function traceSegment(form: SegmentForm, context: EvaluationContext): SegmentTrace {
  const head = { is: 'segment', segment: form.key, met: form.test(context) } as const;
  if (form.is === 'empty') return { ...head, problem: form.problem, parts: [] };
  const { when, members, score, parents, exclusions } = form;
  return {
    ...head,
    parts: [traceCondition(when, context)],
    ...(members === undefined ? {} : { members: traceMembers(members, context) }),
    ...(score === undefined ? {} : { score: traceScore(score, context) }),
    ...(parents.length === 0 ? {} : { parents: parents.map((parent) => traceSegment(parent, context)) }),
    ...(exclusions.length === 0 ? {} : { exclusions: exclusions.map((each) => traceSegment(each, context)) }),
  };
}

function traceMembers({ read, test }: MembersForm, context: EvaluationContext): MembersTrace {
  const key = bucketingText(read(context));
  return { ...(key === undefined ? {} : { key }), listed: test(context) };
}

function traceScore({ source, rules }: ScoreForm, context: EvaluationContext): ScoreTrace {
  const traced = rules.map(({ weight, when }) => ({ weight, condition: traceCondition(when, context) }));
  const sum = traced.reduce((total, { weight, condition }) => (condition.met ? total + weight : total), 0);
  return { sum, threshold: source.threshold, rules: traced };
}
