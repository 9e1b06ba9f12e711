import { ownContext } from '../conditions/attributes.ts';
import type { BoundFlag, Configuration } from '../configuration.ts';
import { evaluate } from '../evaluate.ts';
import type { EvaluationContext } from '../evaluation.ts';
import { targetOf } from '../flags/compile-flag.ts';
import type { FlagForm, LiveForm, RuleForm } from '../flags/flag-form.ts';
import type { Json } from '../json.ts';
import { coveringGuard, prepared } from '../prepare.ts';
import type { Explanation, PrerequisiteTrace, RuleTrace, Trace } from './trace.ts';
import { traceCondition } from './trace-condition.ts';
import { traceServe } from './trace-serve.ts';

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
    if (flag === undefined || evaluation.errorCode === 'GENERAL') return { evaluation, trace: ERROR };
    return { evaluation, trace: traceFlag(configuration, prepared(flag), context, now) };
  } catch {
    return { evaluation, trace: ERROR };
  }
}

function traceFlag(configuration: Configuration, flag: BoundFlag, given: EvaluationContext, now: number): Trace {
  const { form, guards, definition, prerequisites } = flag;
  const problem = flag.problem === undefined ? {} : { problem: flag.problem };
  if (form === undefined) return { ...ERROR, ...problem };
  if (!definition.enabled) return { decided_by: 'off', rules: [] };
  const isForEveryone = guards.length > 0 && guards[0]?.covers === undefined;
  const isSettled = isForEveryone || (guards.length === 0 && (flag.problem !== undefined || flag.always !== undefined));
  const context = isSettled ? (ownContext(given) ?? {}) : ownContext(given);
  if (context === undefined) return ERROR;
  const covering = coveringGuard(guards, context, now);
  const switches = traceSwitches(flag, covering);
  const fired = guards[covering];
  if (fired !== undefined) {
    return { decided_by: 'kill_switch', ...switches, kill_switch: fired.definition.key, rules: [] };
  }
  const { live } = form;
  if ('problem' in live || flag.problem !== undefined) return { ...ERROR, ...problem, ...switches };
  if (prerequisites.length === 0) return { ...switches, ...traceLive(form, live, context, now) };
  const asked = tracePrerequisites(configuration, flag, context, now);
  const above = { ...switches, prerequisites: asked };
  if (asked.some(({ met }) => !met)) return { decided_by: 'prerequisite', ...above, rules: live.rules.map(notReached) };
  return { ...above, ...traceLive(form, live, context, now) };
}

function traceSwitches({ guards }: BoundFlag, covering: number): Pick<Trace, 'switches'> {
  if (guards.length === 0) return {};
  const asked = covering === -1 ? guards : guards.slice(0, covering + 1);
  return {
    switches: asked.map(({ definition: { key, scope } }, index) => ({ key, scope, covers: index === covering })),
  };
}

function tracePrerequisites(
  configuration: Configuration,
  { prerequisites }: BoundFlag,
  context: EvaluationContext,
  now: number,
): readonly PrerequisiteTrace[] {
  const asked: PrerequisiteTrace[] = [];
  for (const { source, accepts } of prerequisites) {
    const explanation = explain(configuration, source.flag, context, now, null);
    const { variant } = explanation.evaluation;
    const met = variant !== undefined && accepts.has(variant);
    asked.push({ flag: source.flag, variants: source.variants, met, explanation });
    if (!met) break;
  }
  return asked;
}

function traceLive(form: FlagForm, live: LiveForm, context: EvaluationContext, now: number): Trace {
  const target = targetOf(live.targets, context);
  if (target !== undefined) {
    const { key, group } = target;
    const { by = 'targetingKey', path = [] } = group.source;
    const plain = by === 'targetingKey' && path.length === 0;
    const where = plain ? {} : { target_by: [by, ...path] };
    return { decided_by: 'target', target: key, ...where, rules: live.rules.map(notReached) };
  }
  const matched = live.rules.findIndex((rule) => rule.when.test(context, now));
  const rules = live.rules.map((rule, index): RuleTrace => {
    if (matched !== -1 && index > matched) return notReached(rule);
    const result = index === matched ? 'matched' : 'not_matched';
    return { id: rule.id, result, condition: traceCondition(rule.when, context, now) };
  });
  const serve = live.rules[matched]?.serve ?? live.fallthrough;
  return { decided_by: matched === -1 ? 'fallthrough' : 'rule', rules, ...traceServe(form, serve, context, now) };
}

function notReached({ id }: RuleForm): RuleTrace {
  return { id, result: 'not_reached' };
}
