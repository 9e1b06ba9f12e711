import { describeServe, formatPercentage } from '@spillway/core/wording';
import type { FlagServe, Variant } from '../../documents.ts';
import { useNow } from '../../ui/ago.tsx';
import { rampAt } from './serve.ts';
import { ShareBar, Swatch } from './share-bar.tsx';
import { type Share, sharesOf } from './split.ts';

/** A serve to read: name and swatch, or the bar of who gets what now with its legend. */
export function ServeView({ serve, variants }: { serve: FlagServe; variants: readonly Variant[] }) {
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
      {'split' in serve ? null : <p className="text-muted text-xs">now; {describeServe(serve)}</p>}
    </div>
  );
}

/** Who gets what at a moment. */
export function sharesNow(serve: FlagServe, variants: readonly Variant[], now: number): readonly Share[] {
  if ('ramp' in serve) return pair(serve.ramp.variant, serve.ramp.otherwise, rampAt(serve.ramp, now), variants);
  if (!('stages' in serve)) return sharesOf(serve, variants);
  const { variant, otherwise, steps } = serve.stages;
  const step = steps.findLast(({ from }) => Date.parse(from) <= now);
  if (step === undefined) return sharesOf({ variant: otherwise }, variants);
  return 'split' in step ? sharesOf(step, variants) : pair(variant ?? otherwise, otherwise, step.percentage, variants);
}

function pair(variant: string, otherwise: string, percentage: number, variants: readonly Variant[]): readonly Share[] {
  return variants.map(({ name }) => ({
    variant: name,
    percentage: name === variant ? percentage : name === otherwise ? 100 - percentage : 0,
  }));
}
