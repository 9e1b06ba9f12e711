import { percentWords } from '../../ui/percent-words.ts';
import { useSettled } from '../../ui/settled.ts';
import { type Definition, inputOf } from './definition.ts';
import { useDraftEstimate } from './queries.ts';

const QUIET_MS = 500;

/** What the segment would hold as it stands in the form; silent while that cannot be said. */
export function DraftSize({ segmentKey, draft }: { segmentKey: string; draft: Definition }) {
  const settled = useSettled(draft, QUIET_MS);
  const estimate = useDraftEstimate(inputOf(segmentKey, settled)).data;
  if (estimate === undefined || estimate === null || estimate.profiles === 0) return null;
  const { members, profiles, low, high, exact, share } = estimate;
  return (
    <span className="numbers text-muted">
      {exact ? '' : '≈ '}
      {members.toLocaleString('en')} of {profiles.toLocaleString('en')} profiles ({percentWords(share * 100)}
      {exact ? '' : `, between ${low.toLocaleString('en')} and ${high.toLocaleString('en')}`})
    </span>
  );
}
