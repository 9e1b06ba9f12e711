import type { Condition } from '@spillway/evaluator';
import { allOf } from './report.ts';

/** Compared by identity, so that what is known beforehand is not asked. */
export const ALWAYS: Condition = { all: [] };
export const NEVER: Condition = { any: [] };

/** All of them, side by side; a single one that can never hold decides. */
export function every(conditions: readonly Condition[]): Condition {
  if (conditions.includes(NEVER)) return NEVER;
  const asked = conditions.flatMap((condition) => ('all' in condition ? condition.all : [condition]));
  return asked.length === 0 ? ALWAYS : allOf(asked);
}
