import { ownContext } from '../conditions/attributes.ts';
import type { Configuration } from '../configuration.ts';
import type { EvaluationContext } from '../evaluation.ts';

/** The segments a context belongs to: by priority, the highest first, then by key. Never throws. */
export function segmentsOf({ snapshot, segments }: Configuration, context: EvaluationContext): readonly string[] {
  const belongs = (key: string): boolean => {
    try {
      const own = ownContext(context);
      return own !== undefined && segments.find(key).test(own);
    } catch {
      return false;
    }
  };
  return Object.values(snapshot.segments)
    .filter(({ key }) => belongs(key))
    .sort((one, other) => (other.priority ?? 0) - (one.priority ?? 0) || (one.key < other.key ? -1 : 1))
    .map(({ key }) => key);
}
