import type { EvaluationContext, Json } from '@spillway/evaluator';
import { isSource } from '../source.ts';

/** What an SDK's user context has beside attributes that changes what a feature comes to. */
const BESIDE = ['enabled', 'qaMode', 'url', 'forcedVariations', 'stickyBucketAssignmentDocs'] as const;

/** Attributes, as they are or as a user context of the SDK holds them; what stands beside them goes in `$user`. */
export function growthBook(context: EvaluationContext): EvaluationContext | string {
  const { attributes, attributeOverrides, forcedFeatureValues } = context;
  if (!isSource(attributes)) return context;
  if (Object.keys(forcedFeatureValues ?? {}).length > 0) {
    return 'has forcedFeatureValues, which no definition answers for; leave them out, and what they are about unasked';
  }
  const beside = BESIDE.flatMap((name): [string, Json][] => {
    const value = context[name];
    return value === undefined ? [] : [[name, value]];
  });
  const own = { ...attributes, ...(isSource(attributeOverrides) ? attributeOverrides : {}) } as EvaluationContext;
  return beside.length === 0 ? own : { ...own, $user: Object.fromEntries(beside) };
}
