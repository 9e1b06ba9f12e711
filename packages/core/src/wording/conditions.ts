import type { Condition, Json } from '@spillway/evaluator';
import { formatAttribute } from './attributes.ts';
import { OPERATOR_WORDS } from './operators.ts';

const MAX_VALUES = 8;

/** A condition in one English line, as a person would say it. */
export function describeCondition(condition: Condition): string {
  if ('all' in condition) return joined(condition.all, 'and', 'everyone');
  if ('any' in condition) return joined(condition.any, 'or', 'nobody');
  if ('not' in condition) return `not (${describeCondition(condition.not)})`;
  if ('segment' in condition) return `in segment ${condition.segment}`;
  if ('flag' in condition) return `flag ${condition.flag} serves ${condition.variants.join(' or ')}`;
  const { operator, values, ignore_case: ignoresCase } = condition;
  const words = [formatAttribute(condition), OPERATOR_WORDS[operator]];
  if (values.length > 0) words.push(describeValues(values, operator === 'between' ? ' and ' : ', '));
  if (ignoresCase === true) words.push('(in any case)');
  return words.join(' ');
}

export function describeValues(values: readonly Json[], separator = ', '): string {
  const shown = values.slice(0, MAX_VALUES).map(describeValue).join(separator);
  return values.length > MAX_VALUES ? `${shown} and ${values.length - MAX_VALUES} more` : shown;
}

export function describeValue(value: Json): string {
  return typeof value === 'string' ? `“${value}”` : JSON.stringify(value);
}

function joined(parts: readonly Condition[], word: string, none: string): string {
  if (parts.length === 0) return none;
  return parts
    .map((part) =>
      ('all' in part || 'any' in part) && parts.length > 1 ? `(${describeCondition(part)})` : describeCondition(part),
    )
    .join(` ${word} `);
}
