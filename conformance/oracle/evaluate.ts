import type {
  Evaluation,
  EvaluationContext,
  Explanation,
  FlagDefinition,
  Json,
  PrerequisiteTrace,
  Snapshot,
  SwitchDefinition,
  SwitchTrace,
  Trace,
} from '@spillway/evaluator';
import { keyText } from './bucketing.ts';
import { readable, unreadable } from './refusal.ts';
import { flagsIn, requireCondition, requireSegment, traceCondition, traceSegment } from './segments.ts';
import { bucketingOf, requireServe, requireType, requireVariant, serve } from './serving.ts';
import { isRecord, valueAt } from './values.ts';

const MAX_WEIGHT = 256;
const SCOPES: readonly string[] = ['global', 'region', 'service', 'user_segment', 'feature'];

interface Question {
  readonly snapshot: Snapshot;
  readonly flag: FlagDefinition;
  readonly context: EvaluationContext;
  readonly now: number;
  readonly fallback: Json;
}

/**
 * What docs/reference/evaluation.md says, read from the definitions each time and written to be understood. Wording of
 * `errorMessage` and `problem` apart, an evaluator must answer exactly this.
 */
export function explain(
  snapshot: Snapshot,
  flagKey: string,
  context: EvaluationContext,
  now: number,
  fallback: Json,
): Explanation {
  const flag = Object.hasOwn(snapshot.flags, flagKey) ? snapshot.flags[flagKey] : undefined;
  if (flag !== undefined) return answer({ snapshot, flag, context, now, fallback });
  const flagMetadata = { configuration: snapshot.number };
  const evaluation = { flagKey, value: fallback, ...error('FLAG_NOT_FOUND'), flagMetadata };
  return { evaluation, trace: { decided_by: 'error', rules: [] } };
}

function error(errorCode: NonNullable<Evaluation['errorCode']>) {
  return { reason: 'ERROR' as const, errorCode, errorMessage: errorCode };
}

function answer(question: Question): Explanation {
  const { snapshot, flag, context } = question;
  const basis = readable(() => requireBasis(flag));
  if ('problem' in basis) {
    const flagMetadata = { configuration: snapshot.number };
    const evaluation = { flagKey: flag.key, value: question.fallback, ...error('PARSE_ERROR'), flagMetadata };
    return { evaluation, trace: { decided_by: 'error', problem: basis.problem, rules: [] } };
  }
  if (!flag.enabled) return off(question, {}, { decided_by: 'off', rules: [] });
  const over = switchesOver(flag, snapshot);
  const [first] = over;
  const needsContext = first === undefined ? isAsking(question) : !isForEveryone(first);
  if (needsContext && !isRecord(context)) return failed(question, 'INVALID_CONTEXT', {});
  const asked = askSwitches(over, isRecord(context) ? context : {}, snapshot);
  const switches = over.length === 0 ? {} : { switches: asked };
  const covering = asked.find(({ covers }) => covers);
  if (covering !== undefined) {
    const { key } = covering;
    return off(question, { killSwitch: key }, { decided_by: 'kill_switch', ...switches, kill_switch: key, rules: [] });
  }
  const problem = problemOf(question);
  if (problem !== undefined) return failed(question, 'PARSE_ERROR', { ...switches, problem });
  if (flag.prerequisites === undefined || flag.prerequisites.length === 0) return live(question, switches);
  const prerequisites = askPrerequisites(question);
  const unmet = prerequisites.find(({ met }) => !met);
  if (unmet === undefined) return live(question, { ...switches, prerequisites });
  const rules = flag.rules.map(({ id }) => ({ id, result: 'not_reached' as const }));
  return off(question, { prerequisite: unmet.flag }, { decided_by: 'prerequisite', ...switches, prerequisites, rules });
}

/** Without it not even the off variant can be served. */
function requireBasis(flag: FlagDefinition): void {
  for (const variant of flag.variants) requireType(variant.value, flag);
  requireVariant(flag.off_variant, flag);
}

/** Whether the context is looked at although no switch lies over the flag. */
function isAsking(question: Question): boolean {
  const { flag } = question;
  if (problemOf(question) !== undefined) return false;
  const listed = flag.targets.some((target) => target.keys.length > 0);
  const required = (flag.prerequisites ?? []).length > 0;
  return required || listed || flag.rules.length > 0 || !isFixed(flag);
}

function isFixed({ fallthrough }: FlagDefinition): boolean {
  if ('variant' in fallthrough) return true;
  if ('split' in fallthrough) return fallthrough.split.some((part) => Math.round(part.percentage * 1_000) === 100_000);
  return 'value' in fallthrough;
}

/** What is wrong with the flag beyond its basis. */
function problemOf({ snapshot, flag }: Question): string | undefined {
  const checked = readable(() => {
    if (flag.bucketing.algorithm !== 'spillway-1') unreadable('the algorithm is not known');
    for (const target of flag.targets) requireVariant(target.variant, flag);
    for (const rule of flag.rules) {
      if (bucketingOf(flag, rule).algorithm !== 'spillway-1') unreadable('the algorithm is not known');
      requireCondition(rule.when, snapshot.segments, 'rule');
      requireServe(rule.serve, flag);
    }
    requireServe(flag.fallthrough, flag);
    if (requiresItself(flag.key, snapshot)) unreadable('requires itself');
    if (weightOf(flag.key, snapshot) > MAX_WEIGHT) unreadable('requires too much');
  });
  return 'problem' in checked ? checked.problem : undefined;
}

function requirementsOf(key: string, { flags }: Snapshot): readonly string[] {
  const flag = Object.hasOwn(flags, key) ? flags[key] : undefined;
  const required = (flag?.prerequisites ?? []).map((prerequisite) => prerequisite.flag);
  return [...required, ...(flag?.rules ?? []).flatMap((rule) => flagsIn(rule.when))];
}

function requiresItself(key: string, snapshot: Snapshot): boolean {
  const reached = new Set<string>();
  const visit = (from: string): void => {
    for (const required of requirementsOf(from, snapshot)) {
      if (reached.has(required)) continue;
      reached.add(required);
      visit(required);
    }
  };
  visit(key);
  return reached.has(key);
}

/** A flag that is itself at fault counts as one: nothing beyond it is asked. */
function weightOf(key: string, snapshot: Snapshot): number {
  let weight = 1;
  for (const required of requirementsOf(key, snapshot)) {
    const its = requiresItself(required, snapshot) ? 1 : weightOf(required, snapshot);
    weight += its > MAX_WEIGHT ? 1 : its;
  }
  return weight;
}

function switchesOver(flag: FlagDefinition, snapshot: Snapshot): readonly SwitchDefinition[] {
  return Object.values(snapshot.switches)
    .filter(({ scope, affects }) => {
      if (scope === 'service') return flag.services.some((service) => affects.includes(service));
      if (scope === 'feature') return affects.includes(flag.key);
      return SCOPES.includes(scope);
    })
    .sort((one, other) => {
      const order = SCOPES.indexOf(one.scope) - SCOPES.indexOf(other.scope);
      return order !== 0 ? order : one.key < other.key ? -1 : 1;
    });
}

function isForEveryone({ scope }: SwitchDefinition): boolean {
  return scope !== 'region' && scope !== 'user_segment';
}

function askSwitches(
  over: readonly SwitchDefinition[],
  context: EvaluationContext,
  { segments }: Snapshot,
): readonly SwitchTrace[] {
  const asked: SwitchTrace[] = [];
  for (const { key, scope, affects } of over) {
    const covers =
      scope === 'region'
        ? affects.some((region) => region === valueAt(context, 'region'))
        : scope === 'user_segment'
          ? affects.some((segment) => isMember(segment, segments, context))
          : true;
    asked.push({ key, scope, covers });
    if (covers) break;
  }
  return asked;
}

function isMember(segment: string, segments: Snapshot['segments'], context: EvaluationContext): boolean {
  const checked = readable(() => requireSegment(segment, segments));
  return !('problem' in checked) && traceSegment(segment, segments, context).met;
}

function askPrerequisites({ snapshot, flag, context, now }: Question): readonly PrerequisiteTrace[] {
  const asked: PrerequisiteTrace[] = [];
  for (const { flag: required, variants } of flag.prerequisites ?? []) {
    const explanation = explain(snapshot, required, context, now, null);
    const { variant } = explanation.evaluation;
    const met = variant !== undefined && variants.includes(variant);
    asked.push({ flag: required, variants, met, explanation });
    if (!met) break;
  }
  return asked;
}

/** Targets, rules, and what is left: the flag has nothing wrong with it, and no switch covers it. */
function live(question: Question, above: Partial<Trace>): Explanation {
  const { snapshot, flag, now } = question;
  const context = isRecord(question.context) ? question.context : {};
  const notReached = ({ id }: { readonly id: string }) => ({ id, result: 'not_reached' as const });
  for (const { variant, keys, by = 'targetingKey', path = [] } of flag.targets) {
    const key = keyText(valueAt(context, by, path));
    if (key === undefined || !keys.includes(key)) continue;
    const where = by === 'targetingKey' && path.length === 0 ? {} : { target_by: [by, ...path] };
    const trace: Trace = { ...above, decided_by: 'target', target: key, ...where, rules: flag.rules.map(notReached) };
    const value = flag.variants.findLast(({ name }) => name === variant)?.value ?? null;
    return { evaluation: answered(question, { value, variant, reason: 'TARGETING_MATCH' }, {}), trace };
  }
  const serving = (key: string) => explain(snapshot, key, context, now, null).evaluation.variant;
  const conditions = flag.rules.map((rule) => traceCondition(rule.when, snapshot.segments, context, serving));
  const matched = conditions.findIndex((condition) => condition.met);
  const rules = flag.rules.map((rule, index) => {
    const condition = conditions[index];
    if (condition === undefined || (matched !== -1 && index > matched)) return notReached(rule);
    return { id: rule.id, result: index === matched ? ('matched' as const) : ('not_matched' as const), condition };
  });
  const rule = flag.rules[matched];
  const served = serve(rule?.serve ?? flag.fallthrough, flag, bucketingOf(flag, rule), context, now);
  const decidedBy = rule === undefined ? 'fallthrough' : 'rule';
  const trace: Trace = { ...above, decided_by: decidedBy, rules, ...served.trace };
  if (served.value === undefined) return { ...failed(question, 'TARGETING_KEY_MISSING', {}), trace };
  const { value, variant, isSplit } = served;
  const reason = isSplit ? 'SPLIT' : rule !== undefined ? 'TARGETING_MATCH' : isPlain(flag) ? 'STATIC' : 'DEFAULT';
  const named = rule === undefined ? {} : { rule: rule.id };
  return {
    evaluation: answered(question, { value, ...(variant === undefined ? {} : { variant }), reason }, named),
    trace,
  };
}

function isPlain(flag: FlagDefinition): boolean {
  const listed = flag.targets.some((target) => target.keys.length > 0);
  return !listed && flag.rules.length === 0 && (flag.prerequisites ?? []).length === 0;
}

function answered(
  { snapshot, flag }: Question,
  given: Pick<Evaluation, 'value' | 'variant' | 'reason'>,
  metadata: Partial<Evaluation['flagMetadata']>,
): Evaluation {
  const flagMetadata = { configuration: snapshot.number, flagVersion: flag.version, ...metadata };
  return { flagKey: flag.key, ...given, flagMetadata };
}

function off(question: Question, metadata: Partial<Evaluation['flagMetadata']>, trace: Trace): Explanation {
  const { variants, off_variant: variant } = question.flag;
  const value = variants.findLast(({ name }) => name === variant)?.value ?? null;
  return { evaluation: answered(question, { value, variant, reason: 'DISABLED' }, metadata), trace };
}

function failed(question: Question, code: NonNullable<Evaluation['errorCode']>, trace: Partial<Trace>): Explanation {
  const { snapshot, flag, fallback } = question;
  const flagMetadata = { configuration: snapshot.number, flagVersion: flag.version };
  const evaluation = { flagKey: flag.key, value: fallback, ...error(code), flagMetadata };
  return { evaluation, trace: { ...trace, decided_by: 'error', rules: [] } };
}
