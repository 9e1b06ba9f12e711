import { chosenId, describeValues, OPERATOR_WORDS } from '@spillway/core/wording';
import type { ConditionTrace, Trace } from '@spillway/evaluator';
import { formatAttribute } from '../../conditions/attribute-path.ts';
import type { Answer } from './answer.ts';

const MAX_ACTUAL = 160;

/** Why the answer is what it is, in one sentence. */
export function why({ reason, flagMetadata: { killSwitch, prerequisite, rule }, trace }: Answer): string {
  if (killSwitch !== undefined) return `Kill switch ${killSwitch} is fired and obeyed before everything else.`;
  if (prerequisite !== undefined) return `The prerequisite ${prerequisite} is not met, so the off variant was given.`;
  if (reason === 'DISABLED') return 'The flag is off here, so the off variant was given.';
  if (reason === 'ERROR') return 'The evaluation failed; an application would use its own default.';
  if (trace?.decided_by === 'target' || (reason === 'TARGETING_MATCH' && rule === undefined)) {
    return 'This user is named among the individual targets.';
  }
  const split = reason === 'SPLIT' ? ', and this user’s place in the split decided' : '';
  if (rule !== undefined) return `${ruleInWords(rule, trace)} matched${split}.`;
  if (reason === 'STATIC') return 'The flag serves this to everyone.';
  return `No target and no rule matched${split === '' ? ', so everyone else’s answer was given' : split}.`;
}

/** By the id that a person chose, or else by its place among the rules, where that is known. */
function ruleInWords(id: string, trace: Answer['trace']): string {
  const place = (trace?.rules.findIndex((rule) => rule.id === id) ?? -1) + 1;
  return `Rule ${chosenId(id) ?? (place === 0 ? id : place)}`;
}

export type Comparison = Extract<ConditionTrace, { is: 'comparison' }>;

/** `country is one of “NZ”, “AU”` */
export function expectedText(comparison: Comparison): string {
  const { operator, expected, ignore_case: ignoresCase } = comparison;
  const values = expected.length === 0 ? '' : ` ${describeValues(expected, operator === 'between' ? ' and ' : ', ')}`;
  return `${formatAttribute(comparison)} ${OPERATOR_WORDS[operator]}${values}${ignoresCase === true ? ' (in any case)' : ''}`;
}

/** What the context had there. */
export function actualText({ actual }: Comparison): string {
  if (actual === undefined) return 'missing';
  const text = typeof actual === 'string' ? `“${actual}”` : JSON.stringify(actual);
  return text.length > MAX_ACTUAL ? `${text.slice(0, MAX_ACTUAL - 1)}…` : text;
}

/** Attributes that had a say, so that a shared question needs no others. */
export function askedAttributes(trace: Trace): ReadonlySet<string> {
  const asked = new Set<string>();
  const ofCondition = (condition: ConditionTrace): void => {
    if (condition.is === 'comparison') asked.add(condition.attribute);
    else if ('parts' in condition) for (const part of condition.parts) ofCondition(part);
    if (condition.is !== 'segment') return;
    if (condition.members !== undefined) asked.add('targetingKey');
    for (const { condition: inner } of condition.score?.rules ?? []) ofCondition(inner);
    for (const segment of [...(condition.parents ?? []), ...(condition.exclusions ?? [])]) ofCondition(segment);
  };
  const ofTrace = ({ rules, prerequisites, split, target, target_by: targetBy }: Trace): void => {
    for (const { condition } of rules) if (condition !== undefined) ofCondition(condition);
    for (const { explanation } of prerequisites ?? []) ofTrace(explanation.trace);
    if (split !== undefined) asked.add(split.by);
    if (target !== undefined) asked.add(targetBy?.[0] ?? 'targetingKey');
  };
  ofTrace(trace);
  return asked;
}
