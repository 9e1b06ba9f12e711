import type { Condition, Json, Operator } from '@spillway/evaluator';
import type { FlagServe } from '../../documents.ts';

export const OPERATOR_WORDS: Readonly<Record<Operator, string>> = {
  equals: 'is',
  not_equals: 'is not',
  contains: 'contains',
  not_contains: 'does not contain',
  in: 'is one of',
  not_in: 'is none of',
  greater_than: 'is more than',
  greater_or_equal: 'is at least',
  less_than: 'is less than',
  less_or_equal: 'is at most',
  between: 'is between',
  starts_with: 'starts with',
  ends_with: 'ends with',
  regex: 'matches',
  semver_equals: 'is version',
  semver_greater_than: 'is a version after',
  semver_greater_or_equal: 'is at least version',
  semver_less_than: 'is a version before',
  semver_less_or_equal: 'is at most version',
  before: 'is before',
  after: 'is after',
  exists: 'is present',
};

/** A condition in one English line, as a person would say it. */
export function describeCondition(condition: Condition): string {
  if ('all' in condition) return joined(condition.all, 'and', 'everyone');
  if ('any' in condition) return joined(condition.any, 'or', 'nobody');
  if ('not' in condition) return `not (${describeCondition(condition.not)})`;
  if ('segment' in condition) return `in segment ${condition.segment}`;
  const values = condition.values.map(describeValue);
  const tail = condition.operator === 'between' ? values.join(' and ') : values.join(', ');
  return `${condition.attribute} ${OPERATOR_WORDS[condition.operator]}${tail === '' ? '' : ` ${tail}`}`;
}

function joined(parts: readonly Condition[], word: string, none: string): string {
  if (parts.length === 0) return none;
  return parts
    .map((part) =>
      ('all' in part || 'any' in part) && parts.length > 1 ? `(${describeCondition(part)})` : describeCondition(part),
    )
    .join(` ${word} `);
}

export function describeValue(value: Json): string {
  return typeof value === 'string' ? `“${value}”` : JSON.stringify(value);
}

export function describeServe(serve: FlagServe): string {
  if ('variant' in serve) return serve.variant;
  return serve.split.map((part) => `${formatPercentage(part.percentage)} ${part.variant}`).join(' · ');
}

/** At most three decimals, as the finest step is 0.001 %. */
export function formatPercentage(percentage: number): string {
  return `${Number(percentage.toFixed(3))} %`;
}

/** What a value looks like in a table: short, one line. */
export function shortValue(value: Json, limit = 48): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}
