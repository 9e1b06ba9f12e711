import type { Condition, Json, Operator } from '@spillway/evaluator';

/** What the form can edit: one level of attribute conditions, joined by `all` or `any`. */
export interface ConditionRows {
  readonly join: 'all' | 'any';
  readonly rows: readonly {
    readonly attribute: string;
    readonly operator: Operator;
    readonly values: readonly Json[];
  }[];
}

/** The condition as rows, or undefined when it is nested, negated or names a segment: then it is edited as JSON. */
export function rowsOf(condition: Condition): ConditionRows | undefined {
  if ('attribute' in condition) return { join: 'all', rows: [condition] };
  const parts = 'all' in condition ? condition.all : 'any' in condition ? condition.any : undefined;
  if (parts === undefined) return undefined;
  const rows = parts.flatMap((part) => ('attribute' in part ? [part] : []));
  return rows.length === parts.length ? { join: 'any' in condition ? 'any' : 'all', rows } : undefined;
}

export function conditionOf({ join, rows }: ConditionRows): Condition {
  return join === 'all' ? { all: rows } : { any: rows };
}
