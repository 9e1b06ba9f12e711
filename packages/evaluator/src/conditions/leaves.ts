import type { Comparison, Condition, FlagCondition } from '../snapshot.ts';
import { MAX_CONDITION_DEPTH } from './compile-condition.ts';

/** What a condition comes to beneath `all`, `any` and `not`. */
export type ConditionLeaf = { readonly segment: string } | FlagCondition | Comparison;

/** Visits what a condition is made of, in order. Quiet about what cannot be compiled: that is found out there. */
export function eachLeaf(condition: Condition, visit: (leaf: ConditionLeaf) => void, depth = 1): void {
  if (depth > MAX_CONDITION_DEPTH) return;
  if ('all' in condition) for (const part of condition.all) eachLeaf(part, visit, depth + 1);
  else if ('any' in condition) for (const part of condition.any) eachLeaf(part, visit, depth + 1);
  else if ('not' in condition) eachLeaf(condition.not, visit, depth + 1);
  else visit(condition);
}
