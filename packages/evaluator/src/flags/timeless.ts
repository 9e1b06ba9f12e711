import type { ConditionForm } from '../conditions/compile-condition.ts';
import type { SegmentForm } from '../segments/segment-form.ts';
import type { LiveForm, ServeForm } from './flag-form.ts';

/** Whether a flag answers the same at every moment, as most do, so that nobody need look at a clock to ask it. */
export function isTimeless({ rules, fallthrough }: LiveForm): boolean {
  return isTimelessServe(fallthrough) && rules.every(({ when, serve }) => isTimelessServe(serve) && holdsAlways(when));
}

function isTimelessServe({ is }: ServeForm): boolean {
  return is === 'fixed' || is === 'split';
}

/** Of comparisons only another product's look at the time. */
function holdsAlways(condition: ConditionForm): boolean {
  switch (condition.is) {
    case 'comparison':
      return condition.source.operator !== 'imported';
    case 'segment':
      return isTimelessSegment(condition.segment);
    case 'flag':
      return false;
    default:
      return condition.parts.every(holdsAlways);
  }
}

function isTimelessSegment(segment: SegmentForm): boolean {
  if (segment.is === 'empty') return true;
  const { when, score, parents, exclusions } = segment;
  const scored = score?.rules ?? [];
  return (
    holdsAlways(when) &&
    scored.every((rule) => holdsAlways(rule.when)) &&
    parents.every(isTimelessSegment) &&
    exclusions.every(isTimelessSegment)
  );
}
