import { formatPercentage } from '@spillway/core/wording';
import type { Share } from './split.ts';
import { variantColour } from './variant-colour.ts';

export function Swatch({ index, name }: { index: number; name: string }) {
  return (
    <span
      aria-hidden="true"
      className="size-2.5 shrink-0 rounded-xs"
      style={{ background: variantColour(index, name) }}
    />
  );
}

/** Shares as lengths; the numbers beside it say the same. */
export function ShareBar({ shares }: { shares: readonly Share[] }) {
  const total = Math.max(
    100,
    shares.reduce((sum, share) => sum + share.percentage, 0),
  );
  return (
    <div
      role="img"
      aria-label={shares.map((share) => `${share.variant} ${formatPercentage(share.percentage)}`).join(', ')}
      className="flex h-2 gap-px overflow-hidden rounded-full bg-sunken"
    >
      {shares.map((share, index) => (
        <span
          key={share.variant}
          className="transition-[width] duration-150"
          style={{ width: `${(share.percentage / total) * 100}%`, background: variantColour(index, share.variant) }}
        />
      ))}
    </div>
  );
}
