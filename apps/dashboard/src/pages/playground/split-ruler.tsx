import { formatPercentage } from '@spillway/core/wording';
import type { SplitTrace } from '@spillway/evaluator';
import type { Variant } from '../../documents.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { Mono } from '../../ui/page.tsx';
import { variantColour } from '../flags/variant-colour.ts';

/** Buckets there are. */
const SHARE_WHOLE = 100_000;
const COUNT = new Intl.NumberFormat('en').format;

/** Where this user's bucket falls among the parts of the split. */
export function SplitRuler({ split, variants }: { split: SplitTrace; variants: readonly Variant[] }) {
  const { bucket, parts, by, path = [], seed, key } = split;
  const hit = bucket === undefined ? undefined : parts.find((part) => bucket >= part.from && bucket < part.to);
  const colour = (name: string) =>
    variantColour(
      Math.max(
        0,
        variants.findIndex((variant) => variant.name === name),
      ),
      name,
    );
  return (
    <div className="mt-1.5 space-y-1.5">
      <div className="relative pt-3">
        {bucket === undefined ? null : (
          <span
            aria-hidden="true"
            className="absolute top-0 -ml-1.5 text-text"
            style={{ left: `${(bucket / SHARE_WHOLE) * 100}%` }}
          >
            <svg viewBox="0 0 12 10" className="block h-2.5 w-3" aria-hidden="true">
              <path d="M1 1h10L6 9Z" fill="currentColor" />
            </svg>
          </span>
        )}
        <div
          role="img"
          aria-label={`${bucket === undefined ? 'No bucket' : `Bucket ${COUNT(bucket)}`} among ${parts
            .map((part) => `${part.variant} from ${COUNT(part.from)} to ${COUNT(part.to)}`)
            .join(', ')}`}
          className="flex h-2.5 gap-px overflow-hidden rounded-full bg-sunken"
        >
          {parts
            .filter((part) => part.to > part.from)
            .map((part) => (
              <span
                key={`${part.variant} ${part.from}`}
                style={{
                  width: `${((part.to - part.from) / SHARE_WHOLE) * 100}%`,
                  background: colour(part.variant),
                  opacity: part === hit ? 1 : 0.45,
                }}
              />
            ))}
        </div>
      </div>
      <ul className="flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
        {parts.map((part) => (
          <li
            key={`${part.variant} ${part.from}`}
            className={part === hit ? 'flex items-center gap-1.5 font-medium' : 'flex items-center gap-1.5 text-muted'}
          >
            <span aria-hidden="true" className="size-2.5 rounded-xs" style={{ background: colour(part.variant) }} />
            {part.variant} {formatPercentage(((part.to - part.from) / SHARE_WHOLE) * 100)}
            {part === hit ? <Glyph sign="✔" className="text-ok" /> : null}
          </li>
        ))}
      </ul>
      <p className="break-words text-muted text-xs">
        {bucket === undefined ? (
          <>
            The context has no usable <Mono>{[by, ...path].join(' → ')}</Mono>, so nobody can be told apart.
          </>
        ) : (
          <>
            Bucket <span className="numbers font-medium text-text">{COUNT(bucket)}</span> of{' '}
            <span className="numbers">{COUNT(SHARE_WHOLE)}</span>, from <Mono>{[by, ...path].join(' → ')}</Mono> “
            <Mono>{key}</Mono>” with seed <Mono>{seed}</Mono>
          </>
        )}
      </p>
    </div>
  );
}
