import type { EvaluationContext } from '@spillway/evaluator';
import { isSource } from '../source.ts';

/** Attributes, as they are or as a user context of the SDK holds them. */
export function growthBook(context: EvaluationContext): EvaluationContext {
  const { attributes } = context;
  return isSource(attributes) ? (attributes as EvaluationContext) : context;
}
