import { Plus, Trash2 } from 'lucide-react';
import { instantOf } from '../../conditions/values.ts';
import type { Variant } from '../../documents.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { InstantInput } from '../../ui/instant-input.tsx';
import { rfc3339 } from '../../ui/time.ts';
import { pair, type Stage, type StagesServe } from './serve-now.ts';
import { PercentInput, ShareRows } from './share-rows.tsx';
import { inOrderOf, sharesOf } from './split.ts';
import { VariantSelect } from './variant-select.tsx';

const DAY_MS = 86_400_000;
export const MAX_STAGES = 100;

/** Shares that change at given times, one row each. */
export function StagesEditor({
  label,
  stages,
  variants,
  onChange,
}: {
  label: string;
  stages: StagesServe;
  variants: readonly Variant[];
  onChange: (stages: StagesServe) => void;
}) {
  const { otherwise, steps } = stages;
  const variant = stages.variant ?? variants[0]?.name ?? '';
  const set = (index: number, step: Stage) =>
    onChange({ ...stages, steps: steps.map((other, at) => (at === index ? step : other)) });
  const add = () => {
    const last = steps.at(-1);
    const from = last === undefined || last.from === '' ? '' : rfc3339(Date.parse(last.from) + DAY_MS);
    onChange({ ...stages, variant, steps: [...steps, { from, percentage: 100 }] });
  };
  return (
    <div className="mt-3 space-y-3">
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-muted">Percentages of</span>
        <VariantSelect
          label={`${label}: variant of the stages`}
          variants={variants}
          value={variant}
          onChange={(next) => onChange({ ...stages, variant: next })}
        />
        <span className="text-muted">everyone else and before the first:</span>
        <VariantSelect
          label={`${label}: variant otherwise`}
          variants={variants}
          value={otherwise}
          onChange={(next) => onChange({ ...stages, otherwise: next })}
        />
      </div>
      <ol className="space-y-2">
        {steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: stages have no identity but their place
          <li key={index} className="rounded-md border border-line p-2">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
              <span className="numbers w-14 text-muted text-xs">Stage {index + 1}</span>
              <InstantInput
                label={`${label}: stage ${index + 1} from`}
                value={instantOf(step.from)}
                isWrong={step.from === ''}
                onChange={(at) => set(index, { ...step, from: at === undefined ? '' : rfc3339(at) })}
              />
              {'percentage' in step ? (
                <PercentInput
                  label={`${label}: percentage of stage ${index + 1}`}
                  value={step.percentage}
                  onChange={(percentage) => set(index, { from: step.from, percentage })}
                />
              ) : null}
              <span className="flex-1" />
              {variants.length > 2 && 'percentage' in step ? (
                <Button
                  look="quiet"
                  onClick={() =>
                    set(index, { from: step.from, split: sharesAt(step.percentage, variant, otherwise, variants) })
                  }
                >
                  Shares of each variant
                </Button>
              ) : null}
              <IconButton
                label={`Remove stage ${index + 1}`}
                disabled={steps.length === 1}
                onClick={() => onChange({ ...stages, steps: steps.filter((_, at) => at !== index) })}
              >
                <Trash2 />
              </IconButton>
            </div>
            {'split' in step ? (
              <ShareRows
                label={`${label}: stage ${index + 1}`}
                shares={sharesOf(step, variants)}
                variants={variants}
                onChange={(shares) => set(index, { from: step.from, split: inOrderOf(step.split, shares) })}
              />
            ) : null}
          </li>
        ))}
      </ol>
      <Button look="quiet" disabled={steps.length >= MAX_STAGES} onClick={add}>
        <Plus className="size-4" aria-hidden="true" /> Add stage
      </Button>
    </div>
  );
}

/** In the order in which the percentage gives out its buckets, so that saying more keeps everyone where they are. */
function sharesAt(percentage: number, variant: string, otherwise: string, variants: readonly Variant[]) {
  const first = pair(variant, otherwise, percentage);
  const rest = variants.filter(({ name }) => !first.some((share) => share.variant === name));
  return [...first, ...rest.map(({ name }) => ({ variant: name, percentage: 0 }))];
}
