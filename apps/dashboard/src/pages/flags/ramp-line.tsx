import { formatPercentage, utcTime } from '@spillway/core/wording';
import type { ReactNode } from 'react';
import { useNow } from '../../ui/ago.tsx';
import { type RampServe, rampAt } from './serve-now.ts';

const WIDTH = 400;
const HEIGHT = 56;

/** Where a ramp comes from, where it goes, and where it stands. */
export function RampLine({ ramp, children }: { ramp: RampServe; children: ReactNode }) {
  const now = useNow(30_000);
  const [begin, end] = [Date.parse(ramp.from), Date.parse(ramp.to)];
  if (!(end > begin)) return null;
  const margin = (end - begin) * 0.1;
  const x = (at: number) => ((at - begin + margin) / (end - begin + 2 * margin)) * WIDTH;
  const y = (percentage: number) => 4 + (1 - percentage / 100) * (HEIGHT - 8);
  const [low, high] = [y(ramp.from_percentage), y(ramp.to_percentage)];
  const isInside = now >= begin - margin && now <= end + margin;
  const words = `${formatPercentage(ramp.from_percentage)} at ${utcTime(begin)}, ${formatPercentage(ramp.to_percentage)} at ${utcTime(end)}, now ${formatPercentage(rampAt(ramp, now))}`;
  return (
    <figure className="max-w-md">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className="block w-full rounded-md bg-sunken"
        role="img"
        aria-label={words}
      >
        <polyline
          points={`0,${low} ${x(begin)},${low} ${x(end)},${high} ${WIDTH},${high}`}
          fill="none"
          stroke="var(--accent)"
          strokeWidth="2"
        />
        {isInside ? (
          <>
            <line x1={x(now)} x2={x(now)} y1="0" y2={HEIGHT} stroke="var(--muted)" strokeDasharray="3 3" />
            <circle cx={x(now)} cy={y(rampAt(ramp, now))} r="3.5" fill="var(--accent)" />
          </>
        ) : null}
      </svg>
      <figcaption className="numbers mt-1 text-muted text-xs">{children}</figcaption>
    </figure>
  );
}
