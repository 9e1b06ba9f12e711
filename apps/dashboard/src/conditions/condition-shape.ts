import type { Condition } from '@spillway/evaluator';
import { MAX_DEPTH } from './draft.ts';
import { isOperator } from './operators.ts';

/** Whether a value has the shape of a condition, so that it can be shown; what is in it, the server checks. */
export function isCondition(value: unknown, depth = 1): value is Condition {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return false;
  const every = (parts: unknown) => Array.isArray(parts) && parts.every((part) => isCondition(part, depth + 1));
  if ('all' in value) return every(value.all);
  if ('any' in value) return every(value.any);
  if ('not' in value) return isCondition(value.not, depth + 1);
  if ('segment' in value) return typeof value.segment === 'string';
  if ('flag' in value) return typeof value.flag === 'string' && 'variants' in value && isListOfTexts(value.variants);
  const { attribute, path, operator, values } = value as Record<string, unknown>;
  const isPath = path === undefined || isListOfTexts(path);
  return typeof attribute === 'string' && isPath && isOperator(operator) && Array.isArray(values);
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
