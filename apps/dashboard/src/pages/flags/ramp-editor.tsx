import { formatPercentage, utcTime } from '@spillway/core/wording';
import { instantOf } from '../../conditions/values.ts';
import type { Variant } from '../../documents.ts';
import { useNow } from '../../ui/ago.tsx';
import { InstantInput } from '../../ui/instant-input.tsx';
import { rfc3339 } from '../../ui/time.ts';
import { type RampServe, rampAt } from './serve.ts';
import { PercentInput } from './share-rows.tsx';
import { VariantSelect } from './variant-select.tsx';

/** A share that moves in a straight line from one time to another. */
export function RampEditor({
  label,
  ramp,
  variants,
  onChange,
}: {
  label: string;
  ramp: RampServe;
  variants: readonly Variant[];
  onChange: (ramp: RampServe) => void;
}) {
  const time = (field: 'from' | 'to') => (
    <InstantInput
      label={`${label}: ramp ${field}`}
      value={instantOf(ramp[field])}
      isWrong={ramp[field] === ''}
      onChange={(at) => onChange({ ...ramp, [field]: at === undefined ? '' : rfc3339(at) })}
    />
  );
  const share = (field: 'from_percentage' | 'to_percentage') => (
    <PercentInput
      label={`${label}: ${field === 'from_percentage' ? 'percentage at the beginning' : 'percentage at the end'}`}
      value={ramp[field]}
      onChange={(percentage) => onChange({ ...ramp, [field]: percentage })}
    />
  );
  return (
    <div className="mt-3 space-y-3">
      <div className="flex flex-wrap items-center gap-2">
        <VariantSelect
          label={`${label}: variant of the ramp`}
          variants={variants}
          value={ramp.variant}
          onChange={(variant) => onChange({ ...ramp, variant })}
        />
        <span className="text-muted">everyone else:</span>
        <VariantSelect
          label={`${label}: variant otherwise`}
          variants={variants}
          value={ramp.otherwise}
          onChange={(otherwise) => onChange({ ...ramp, otherwise })}
        />
      </div>
      <div className="grid items-center gap-2 sm:grid-cols-[auto_auto_1fr]">
        <span className="text-muted">from</span>
        {share('from_percentage')}
        {time('from')}
        <span className="text-muted">to</span>
        {share('to_percentage')}
        {time('to')}
      </div>
      <RampLine ramp={ramp} />
    </div>
  );
}

const WIDTH = 400;
const HEIGHT = 56;

function RampLine({ ramp }: { ramp: RampServe }) {
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
      <figcaption className="numbers mt-1 text-muted text-xs">Now {formatPercentage(rampAt(ramp, now))}.</figcaption>
    </figure>
  );
}
