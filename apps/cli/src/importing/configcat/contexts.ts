import type { EvaluationContext } from '@spillway/evaluator';
import { isSource } from '../source.ts';

/** A user as the SDK takes it. */
export function configCat(context: EvaluationContext): EvaluationContext | string {
  const { custom } = context;
  if (custom !== undefined && custom !== null && !isSource(custom)) return 'has a `custom` that is not an object';
  return context;
}
