import { Ago } from '../../../ui/ago.tsx';
import { Sparkline } from '../../../ui/sparkline.tsx';
import type { Activity } from './queries.ts';

/** How lively a flag was in the last week, in the width of a column, and when somebody last asked for it. */
export function ActivityCell({ activity }: { activity: Activity | undefined }) {
  // Unknown is not never: nothing is said until the answer is there.
  if (activity === undefined) return null;
  const { last_evaluated_at: at, parts } = activity;
  if (at === null) return <span className="text-xs">never asked for</span>;
  const total = parts.reduce((sum, count) => sum + count, 0);
  return (
    <div className="w-24">
      <Sparkline
        values={parts}
        most={Math.max(...parts)}
        colour="var(--accent)"
        label={`${total.toLocaleString('en')} evaluations in the last 7 days`}
      />
      <Ago at={Date.parse(at)} className="block whitespace-nowrap text-2xs" />
    </div>
  );
}
