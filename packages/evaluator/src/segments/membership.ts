import { ownContext } from '../conditions/attributes.ts';
import type { Configuration } from '../configuration.ts';
import type { EvaluationContext } from '../evaluation.ts';

/** The segments a context belongs to: by priority, the highest first, then by key. Never throws. */
export function segmentsOf(configuration: Configuration, context: EvaluationContext, now: number): readonly string[] {
  return Object.values(configuration.snapshot.segments)
    .filter(({ key }) => belongsTo(configuration, key, context, now))
    .sort((one, other) => (other.priority ?? 0) - (one.priority ?? 0) || (one.key < other.key ? -1 : 1))
    .map(({ key }) => key);
}

/** Whether a context belongs to one segment. Nobody belongs to one that is unknown or broken; never throws. */
export function belongsTo(
  { segments }: Configuration,
  segment: string,
  context: EvaluationContext,
  now: number,
): boolean {
  try {
    const own = ownContext(context);
    return own !== undefined && segments.find(segment).test(own, now);
  } catch {
    return false;
  }
}
