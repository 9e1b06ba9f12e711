import type { FlagServe, Variant } from '../../documents.ts';
import { Button } from '../../ui/button.tsx';
import { Input, Select } from '../../ui/field.tsx';
import { Glyph } from '../../ui/glyph.tsx';
import { describeServe, formatPercentage, shortValue } from './describe.ts';
import { evened, missing, type Share, sharesOf, withShare } from './split.ts';
import { variantColour } from './variant-colour.ts';

const SPLIT = '\u0000split';
/** Served by what this editor shows but does not change. */
const OTHER = '\u0000other';

/** One variant, or shares of several with a bar of who gets what. */
export function ServeEditor({
  label,
  serve,
  variants,
  onChange,
}: {
  label: string;
  serve: FlagServe;
  variants: readonly Variant[];
  onChange: (serve: FlagServe) => void;
}) {
  const isSplit = 'split' in serve;
  const chosen = isSplit ? SPLIT : 'variant' in serve ? serve.variant : OTHER;
  return (
    <div>
      <div className="flex flex-wrap items-center gap-3">
        <Select
          aria-label={`${label}: what to serve`}
          className="w-72!"
          value={chosen}
          onChange={(event) =>
            onChange(
              event.target.value === SPLIT
                ? { split: startingSplit(serve, variants) }
                : { variant: event.target.value },
            )
          }
        >
          {variants.map((variant) => (
            <option key={variant.name} value={variant.name}>
              {variant.name} ({shortValue(variant.value, 24)})
            </option>
          ))}
          {chosen === OTHER ? (
            <option value={OTHER} disabled>
              {describeServe(serve)}
            </option>
          ) : null}
          {variants.length > 1 ? <option value={SPLIT}>A percentage of people each…</option> : null}
        </Select>
      </div>
      {isSplit ? (
        <SplitRows
          label={label}
          shares={sharesOf(serve, variants)}
          variants={variants}
          onChange={(shares) => onChange({ split: shares.map((share) => ({ ...share })) })}
        />
      ) : null}
    </div>
  );
}

function startingSplit(serve: FlagServe, variants: readonly Variant[]): { variant: string; percentage: number }[] {
  const shares = sharesOf(serve, variants);
  const first = shares.find((share) => share.percentage > 0);
  return shares.length === 2 && first !== undefined ? shares.map((share) => ({ ...share })) : [...evened(shares)];
}

function SplitRows({
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
            <span className="flex items-center gap-1.5">
              <Input
                type="number"
                min={0}
                max={100}
                step={0.001}
                inputMode="decimal"
                aria-label={`${label}: percentage of ${share.variant}`}
                className="numbers w-24! text-right"
                value={share.percentage}
                onChange={(event) => onChange(withShare(shares, share.variant, Number(event.target.value)))}
              />
              <span className="text-muted">%</span>
            </span>
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

/** A serve to read: name and swatch, or the bar with its legend. */
export function ServeView({ serve, variants }: { serve: FlagServe; variants: readonly Variant[] }) {
  if ('variant' in serve) {
    const index = variants.findIndex(({ name }) => name === serve.variant);
    return (
      <span className="inline-flex items-center gap-2">
        <Swatch index={Math.max(0, index)} name={serve.variant} />
        <span className="font-medium font-mono text-xs">{describeServe(serve)}</span>
      </span>
    );
  }
  const shares = sharesOf(serve, variants);
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
    </div>
  );
}
