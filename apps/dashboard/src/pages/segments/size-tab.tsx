import { Link } from 'wouter';
import { Empty, Loading, ProblemNote } from '../../ui/notice.tsx';
import { Card, Section } from '../../ui/page.tsx';
import { percentWords } from '../../ui/percent-words.ts';
import { MembershipPlot } from './membership-plot.tsx';
import { type Estimate, useEstimate, useMembership } from './queries.ts';

/** How many belong, how sure that is, and how it came to be. */
export function SizeTab({ segmentKey }: { segmentKey: string }) {
  const estimate = useEstimate(segmentKey);
  return (
    <>
      <Section
        title="Now"
        action={
          <Link className="text-accent underline" href={`/overlap?segments=${encodeURIComponent(segmentKey)}`}>
            Compare with other segments
          </Link>
        }
      >
        {estimate.isError ? (
          <ProblemNote error={estimate.error} onRetry={() => estimate.refetch()} />
        ) : estimate.data === undefined ? (
          <Loading rows={2} label="Counting" />
        ) : (
          <Size estimate={estimate.data} />
        )}
      </Section>
      <OverTime segmentKey={segmentKey} />
    </>
  );
}

function Size({ estimate }: { estimate: Estimate }) {
  const { profiles, sampled, exact, members, share, low, high, confidence } = estimate;
  if (profiles === 0) {
    return (
      <Empty title="No profiles to count">
        Sizes are counted among the profiles that you store. Send them with <code>PUT /api/v1/profiles/…</code>.
      </Empty>
    );
  }
  return (
    <Card className="p-4">
      <p>
        <span className="numbers font-semibold text-xl">
          {exact ? '' : '≈ '}
          {members.toLocaleString('en')}
        </span>{' '}
        of {profiles.toLocaleString('en')} profiles, {percentWords(share * 100)}
      </p>
      <IntervalBar interval={exact ? undefined : [low, high]} members={members} profiles={profiles} />
      <p className="mt-2 text-muted">
        {exact
          ? 'Every profile was looked at.'
          : `${sampled.toLocaleString('en')} were looked at. With ${percentWords(confidence * 100)} confidence there are between ${low.toLocaleString('en')} and ${high.toLocaleString('en')}.`}
      </p>
    </Card>
  );
}

/** The share on a scale from nobody to all, with its interval around it. */
function IntervalBar({
  interval,
  members,
  profiles,
}: {
  interval: readonly [number, number] | undefined;
  members: number;
  profiles: number;
}) {
  const at = (count: number) => (count / profiles) * 100;
  return (
    <svg viewBox="0 0 100 6" preserveAspectRatio="none" className="mt-3 h-3 w-full" aria-hidden="true">
      <rect x="0" y="1" width="100" height="4" className="fill-sunken" />
      <rect x="0" y="1" width={at(members)} height="4" className="fill-accent" />
      {interval === undefined ? null : (
        <rect
          x={at(interval[0])}
          y="0"
          width={Math.max(0.3, at(interval[1]) - at(interval[0]))}
          height="6"
          className="fill-warn"
          opacity="0.6"
        />
      )}
    </svg>
  );
}

function OverTime({ segmentKey }: { segmentKey: string }) {
  const membership = useMembership(segmentKey);
  return (
    <Section title="Over time">
      {membership.isError ? (
        <ProblemNote error={membership.error} onRetry={() => membership.refetch()} />
      ) : membership.data === undefined ? (
        <Loading rows={3} label="Reading who came and went" />
      ) : membership.data.length === 0 ? (
        <p className="text-muted">
          Nothing was counted yet. Each count shows here who came and who went since the one before.
        </p>
      ) : (
        <MembershipPlot points={membership.data.toReversed()} />
      )}
    </Section>
  );
}
