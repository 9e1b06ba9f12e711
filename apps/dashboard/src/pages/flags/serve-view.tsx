import { describeServe, formatPercentage } from '@spillway/core/wording';
import type { FlagServe, Variant } from '../../documents.ts';
import { useNow } from '../../ui/ago.tsx';
import { sharesNow } from './serve-now.ts';
import { ShareBar, Swatch } from './share-bar.tsx';

/** A serve to read: name and swatch, or the bar of who gets what now with its legend. */
export function ServeView({
  serve,
  variants,
  isBrief = false,
}: {
  serve: FlagServe;
  variants: readonly Variant[];
  /** Its schedule is told beside it. */
  isBrief?: boolean;
}) {
  const now = useNow(60_000);
  if ('variant' in serve) {
    const index = variants.findIndex(({ name }) => name === serve.variant);
    return (
      <span className="inline-flex items-center gap-2">
        <Swatch index={Math.max(0, index)} name={serve.variant} />
        <span className="font-medium font-mono text-xs">{describeServe(serve)}</span>
      </span>
    );
  }
  if ('value' in serve) return <span className="break-all font-mono text-xs">{describeServe(serve)}</span>;
  const shares = sharesNow(serve, variants, now);
  return (
    <div className="min-w-40 space-y-1">
      <ShareBar shares={shares} />
      <p className="numbers flex flex-wrap gap-x-3 text-xs">
        {shares
          .map((share, index) => ({ share, index }))
          .filter(({ share }) => share.percentage > 0)
          .map(({ share, index }) => (
            <span key={share.variant} className="inline-flex items-center gap-1.5">
              <Swatch index={index} name={share.variant} />
              {formatPercentage(share.percentage)} {share.variant}
            </span>
          ))}
      </p>
      {'split' in serve || isBrief ? null : <p className="text-muted text-xs">now; {describeServe(serve)}</p>}
    </div>
  );
}
