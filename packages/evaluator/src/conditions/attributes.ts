import type { EvaluationContext } from '../evaluation.ts';

/** An attribute's value; undefined when it is missing or null. What a context merely inherits is missing. */
export function attributeOf(context: EvaluationContext, name: string): unknown {
  if (!Object.hasOwn(context, name)) return undefined;
  return context[name] ?? undefined;
}
