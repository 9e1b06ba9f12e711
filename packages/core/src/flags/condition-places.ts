import type { Condition, ConditionLeaf } from '@spillway/evaluator';
import { pointer } from '../problems.ts';
import { MAX_CONDITION_DEPTH } from './limits.ts';

/** Visits what a condition is made of, with the place of each as a JSON pointer; what is too deep is reported elsewhere. */
export function eachLeafAt(
  condition: Condition,
  field: string,
  visit: (leaf: ConditionLeaf, field: string) => void,
  depth = 1,
): void {
  if (depth > MAX_CONDITION_DEPTH) return;
  const group = (parts: readonly Condition[], name: string) => {
    for (const [index, part] of parts.entries()) eachLeafAt(part, pointer(field, name, index), visit, depth + 1);
  };
  if ('all' in condition) group(condition.all, 'all');
  else if ('any' in condition) group(condition.any, 'any');
  else if ('not' in condition) eachLeafAt(condition.not, pointer(field, 'not'), visit, depth + 1);
  else visit(condition, field);
}
