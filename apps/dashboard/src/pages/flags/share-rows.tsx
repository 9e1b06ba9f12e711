import { formatPercentage } from '@spillway/core/wording';
import type { Variant } from '../../documents.ts';
import { Button } from '../../ui/button.tsx';
import { Input } from '../../ui/field.tsx';
import { Glyph } from '../../ui/glyph.tsx';
import { shortValue } from './describe.ts';
import { ShareBar, Swatch } from './share-bar.tsx';
import { evened, missing, type Share, withShare } from './split.ts';

/** Each variant's share, by slider and by number, with the bar of who gets what. */
export function ShareRows({
  label,
  shares,
  variants,
  onChange,
}: {
  label: string;
  shares: readonly Share[];
  variants: readonly Variant[];
  onChange: (shares: readonly Share[]) => void;
}) {
  const rest = missing(shares);
  return (
    <div className="mt-3 space-y-3">
      <ShareBar shares={shares} />
      <div className="space-y-2">
        {shares.map((share, index) => (
          <div key={share.variant} className="flex items-center gap-3">
            <Swatch index={index} name={share.variant} />
            <span
              className="w-24 truncate font-mono text-xs sm:w-32"
              title={shortValue(variants[index]?.value ?? null, 200)}
            >
              {share.variant}
            </span>
            <input
              type="range"
              min={0}
              max={100}
              step={1}
              value={share.percentage}
              aria-label={`${label}: share of ${share.variant}`}
              className="touch min-w-0 flex-1"
              onChange={(event) => onChange(withShare(shares, share.variant, Number(event.target.value)))}
            />
            <PercentInput
              label={`${label}: percentage of ${share.variant}`}
              value={share.percentage}
              onChange={(percentage) => onChange(withShare(shares, share.variant, percentage))}
            />
          </div>
        ))}
      </div>
      {rest === 0 ? null : (
        <p className="flex flex-wrap items-center gap-3 text-bad">
          <Glyph sign="✖" />{' '}
          {rest > 0 ? `${formatPercentage(rest)} is given to nobody` : `${formatPercentage(-rest)} too much`}
          <Button onClick={() => onChange(evened(shares))}>Even out</Button>
        </p>
      )}
    </div>
  );
}

export function PercentInput({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number;
  onChange: (value: number) => void;
}) {
  return (
    <span className="flex items-center gap-1.5">
      <Input
        type="number"
        min={0}
        max={100}
        step={0.001}
        inputMode="decimal"
        aria-label={label}
        className="numbers w-24! text-right"
        value={value}
        onChange={(event) => onChange(Math.min(100, Math.max(0, Number(event.target.value))))}
      />
      <span className="text-muted">%</span>
    </span>
  );
}
