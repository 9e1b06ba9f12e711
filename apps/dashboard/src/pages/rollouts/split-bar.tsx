import { formatPercentage } from '@spillway/core/wording';

const rounded = (percentage: number) => formatPercentage(Number(percentage.toFixed(1)));

/** Canary from the left in amber, stable in green, a gap between; the words beside it say the same. */
export function SplitBar({
  canary,
  canaryName,
  stableName,
  label,
  thick = false,
}: {
  canary: number;
  canaryName: string;
  stableName: string;
  label: string;
  thick?: boolean;
}) {
  return (
    <svg
      role="img"
      aria-label={`${label}: ${rounded(canary)} ${canaryName}, ${rounded(100 - canary)} ${stableName}`}
      viewBox="0 0 1000 10"
      preserveAspectRatio="none"
      className={thick ? 'h-4 w-full rounded-sm' : 'h-1.5 w-full rounded-full'}
    >
      <rect width="1000" height="10" className="fill-fill-ok" />
      <rect width={canary * 10} height="10" className="fill-fill-warn transition-[width] duration-500" />
      {canary > 0 && canary < 100 ? <rect x={canary * 10 - 1.5} width="3" height="10" className="fill-raised" /> : null}
    </svg>
  );
}
