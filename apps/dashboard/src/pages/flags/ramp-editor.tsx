import { formatPercentage } from '@spillway/core/wording';
import { instantOf } from '../../conditions/values.ts';
import type { Variant } from '../../documents.ts';
import { useNow } from '../../ui/ago.tsx';
import { InstantInput } from '../../ui/instant-input.tsx';
import { rfc3339 } from '../../ui/time.ts';
import { RampLine } from './ramp-line.tsx';
import { type RampServe, rampAt } from './serve-now.ts';
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
  const now = useNow(30_000);
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
      <RampLine ramp={ramp}>Now {formatPercentage(rampAt(ramp, now))}.</RampLine>
    </div>
  );
}
