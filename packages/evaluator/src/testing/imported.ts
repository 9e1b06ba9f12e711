import { compileImported, type EvaluationContext, type Json } from '../index.ts';

export type Written = Readonly<Record<string, Json>>;

/** Whether a test of a dialect holds for a context; `now` in milliseconds since 1970. */
export function holds(dialect: string, written: Written, context: EvaluationContext, now = 0): boolean {
  return compileImported([dialect, written])(context, now);
}
