import type { EvaluationContext, Json } from '@spillway/evaluator';
import { isSource } from '../source.ts';

/** What an SDK's user context has beside attributes that changes what a feature comes to. */
const BESIDE = ['enabled', 'qaMode', 'url', 'forcedVariations', 'stickyBucketAssignmentDocs'] as const;

/** Attributes, as they are or as a user context of the SDK holds them; what stands beside them goes in `$user`. */
export function growthBook(context: EvaluationContext): EvaluationContext {
  const { attributes } = context;
  if (!isSource(attributes)) return context;
  const beside = BESIDE.flatMap((name): [string, Json][] => {
    const value = context[name];
    return value === undefined ? [] : [[name, value]];
  });
  const own = attributes as EvaluationContext;
  return beside.length === 0 ? own : { ...own, $user: Object.fromEntries(beside) };
}
