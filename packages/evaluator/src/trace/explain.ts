import { bucketIn, bucketingText } from '../bucketing/bucket.ts';
import { attributeOf } from '../conditions/attributes.ts';
import type { ConditionForm } from '../conditions/compile-condition.ts';
import { type BoundFlag, type Configuration, UNDECIDED } from '../configuration.ts';
import { evaluate } from '../evaluate.ts';
import type { EvaluationContext } from '../evaluation.ts';
import { type FlagForm, type LiveForm, OFF, type RuleForm, type ServeForm } from '../flags/flag-form.ts';
import type { Json } from '../json.ts';
import type { ConditionTrace, Explanation, RuleTrace, SplitTrace, Trace } from './trace.ts';

const ERROR: Trace = { decided_by: 'error', rules: [] };

/** `evaluate`, and why: asks the same compiled conditions and splits once more, and writes down what they say. */
export function explain(
  configuration: Configuration,
  flagKey: string,
  context: EvaluationContext,
  now: number,
  fallback: Json,
): Explanation {
  const evaluation = evaluate(configuration, flagKey, context, now, fallback);
  const flag = configuration.flags.get(flagKey);
  try {
    return { evaluation, trace: flag === undefined ? ERROR : traceFlag(flag, context) };
  } catch {
    return { evaluation, trace: ERROR };
  }
}

function traceFlag({ form, settled, killSwitch }: BoundFlag, context: EvaluationContext): Trace {
  if (form === undefined) return ERROR;
  if (settled === OFF) {
    return killSwitch === undefined
      ? { decided_by: 'off', rules: [] }
      : { decided_by: 'kill_switch', kill_switch: killSwitch, rules: [] };
  }
  if ('problem' in form.live) return ERROR;
  if (settled !== UNDECIDED) return { decided_by: 'fallthrough', rules: [] };
  if (typeof context !== 'object' || context === null || Array.isArray(context)) return ERROR;
  return traceLive(form, form.live, context);
}

function traceLive(form: FlagForm, live: LiveForm, context: EvaluationContext): Trace {
  const key = bucketingText(attributeOf(context, 'targetingKey'));
  if (key !== undefined && live.targets.has(key)) {
    return { decided_by: 'target', target: key, rules: live.rules.map(notReached) };
  }
  const matched = live.rules.findIndex((rule) => rule.when.test(context));
  const rules = live.rules.map((rule, index): RuleTrace => {
    if (matched !== -1 && index > matched) return notReached(rule);
    const result = index === matched ? 'matched' : 'not_matched';
    return { id: rule.id, result, condition: traceCondition(rule.when, context) };
  });
  const serve = live.rules[matched]?.serve ?? live.fallthrough;
  const decidedBy = matched === -1 ? 'fallthrough' : 'rule';
  if (serve.is === 'fixed') return { decided_by: decidedBy, rules };
  return { decided_by: decidedBy, rules, split: traceSplit(form, live, serve, context) };
}

function notReached({ id }: RuleForm): RuleTrace {
  return { id, result: 'not_reached' };
}

function traceCondition({ source, test, parts }: ConditionForm, context: EvaluationContext): ConditionTrace {
  const met = test(context);
  const inner = () => parts.map((part) => traceCondition(part, context));
  if ('all' in source) return { is: 'all', met, parts: inner() };
  if ('any' in source) return { is: 'any', met, parts: inner() };
  if ('not' in source) return { is: 'not', met, parts: inner() };
  if ('segment' in source) return { is: 'segment', segment: source.segment, met, parts: inner() };
  const { attribute, operator, values: expected } = source;
  const actual = attributeOf(context, attribute);
  const comparison = { is: 'comparison', attribute, operator, expected, met } as const;
  return actual === undefined ? comparison : { ...comparison, actual };
}

function traceSplit(
  { definition, outcomes }: FlagForm,
  { by, seed }: LiveForm,
  serve: Extract<ServeForm, { is: 'split' }>,
  context: EvaluationContext,
): SplitTrace {
  const parts = serve.ends.map((to, index) => {
    const variant = outcomes[serve.outcomes[index] ?? OFF]?.variant.name ?? '';
    return { variant, from: serve.ends[index - 1] ?? 0, to };
  });
  const split = { by, seed: definition.bucketing.seed, parts };
  const key = bucketingText(attributeOf(context, by));
  return key === undefined ? split : { ...split, key, bucket: bucketIn(key, seed) };
}
