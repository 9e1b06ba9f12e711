import type { FlagType } from '@spillway/evaluator';
import type { FlagServe, Variant } from '../../documents.ts';
import { rfc3339 } from '../../ui/time.ts';
import { partsNow, type Stage, type StagesServe } from './serve-now.ts';
import { evened, inOrderOf, missing, type Share, sharesOf } from './split.ts';

/** The ways in which something can be served; each variant alone is one of its own. */
export type ServeForm = 'variant' | 'split' | 'stages' | 'ramp' | 'value';

const DAY_MS = 86_400_000;

export function formOf(serve: FlagServe): ServeForm {
  if ('split' in serve) return 'split';
  if ('stages' in serve) return 'stages';
  if ('ramp' in serve) return 'ramp';
  return 'value' in serve ? 'value' : 'variant';
}

/** The variant that a serve is about, to be kept when its form changes. */
export function mainVariant(serve: FlagServe, variants: readonly Variant[]): string {
  const usual = variants.find(({ name }) => name !== 'off' && name !== 'control') ?? variants[0];
  if ('variant' in serve) return serve.variant;
  if ('stages' in serve) return serve.stages.variant ?? usual?.name ?? '';
  if ('ramp' in serve) return serve.ramp.variant;
  return usual?.name ?? '';
}

/** The variant that shares are of: what is served, unless that is what people have without the flag. */
function risingVariant(serve: FlagServe, variants: readonly Variant[]): string {
  const main = mainVariant(serve, variants);
  const served = variants.find(({ name }) => name === main);
  const isOff = main === 'off' || main === 'control' || served?.value === false;
  return isOff && 'variant' in serve ? mainVariant({ value: null }, variants) : main;
}

function otherVariant(variant: string, variants: readonly Variant[]): string {
  const off = variants.find(({ name, value }) => name !== variant && (name === 'off' || value === false));
  return (off ?? variants.find(({ name }) => name !== variant))?.name ?? variant;
}

/** Another form of serving, starting as near as possible to what was served. */
export function inForm(
  serve: FlagServe,
  form: ServeForm,
  variants: readonly Variant[],
  type: FlagType,
  now: number,
): FlagServe {
  const parts = partsNow(serve, now);
  const variant = risingVariant(serve, variants);
  const otherwise = otherVariant(variant, variants);
  // Who has all of it begins anew; of a part, nobody is to leave.
  const reached = 'variant' in serve ? 0 : (parts.find((part) => part.variant === variant)?.percentage ?? 0) % 100;
  switch (form) {
    case 'variant':
      return { variant: mainVariant(serve, variants) };
    case 'split':
      return { split: splitFrom(parts, variants) };
    case 'stages':
      return { stages: { variant, otherwise, steps: stagesFrom(reached, now) } };
    case 'ramp':
      return {
        ramp: {
          variant,
          otherwise,
          from: wholeHour(now),
          to: wholeHour(now + 7 * DAY_MS),
          from_percentage: reached,
          to_percentage: 100,
        },
      };
    case 'value':
      return { value: variants.find(({ name }) => name === mainVariant(serve, variants))?.value ?? EMPTY[type] };
  }
}

/** The same people get the same; where that is not two variants' business, everyone's share is even. */
function splitFrom(parts: readonly Share[], variants: readonly Variant[]): Share[] {
  const shares = sharesOf({ split: [...parts] }, variants);
  return inOrderOf(parts, shares.length === 2 && missing(shares) === 0 ? shares : evened(shares));
}

function stagesFrom(reached: number, now: number): Stage[] {
  const further = [5, 25, 100].filter((percentage) => percentage > reached);
  const steps = further.map((percentage, index) => ({ from: wholeHour(now + index * DAY_MS), percentage }));
  return reached === 0
    ? steps
    : [{ from: rfc3339(Math.floor(now / HOUR_MS) * HOUR_MS), percentage: reached }, ...steps];
}

const EMPTY = { boolean: false, string: '', number: 0, json: {} } as const;
const HOUR_MS = 3_600_000;

/** The next full hour: what a person would have typed. */
function wholeHour(at: number): string {
  return rfc3339(Math.ceil(at / HOUR_MS) * HOUR_MS);
}

/** What keeps a serve from being saved, in words; undefined when nothing does. */
export function serveFault(serve: FlagServe, variants: readonly Variant[]): string | undefined {
  if ('split' in serve) return splitFault(serve, variants);
  if ('stages' in serve) return stagesFault(serve.stages, variants);
  if (!('ramp' in serve)) return undefined;
  const { from, to, variant, otherwise } = serve.ramp;
  if (from === '' || to === '') return 'A ramp needs a beginning and an end';
  if (Date.parse(to) <= Date.parse(from)) return 'A ramp has to end after it begins';
  return variant === otherwise ? 'A ramp needs two different variants' : undefined;
}

function splitFault(serve: FlagServe, variants: readonly Variant[]): string | undefined {
  return missing(sharesOf(serve, variants)) === 0 ? undefined : 'A split does not add up to 100 %';
}

function stagesFault({ steps }: StagesServe, variants: readonly Variant[]): string | undefined {
  let last = Number.NEGATIVE_INFINITY;
  for (const step of steps) {
    if (step.from === '') return 'A stage has no time';
    if (Date.parse(step.from) < last) return 'Stages are not in the order of their times';
    last = Date.parse(step.from);
    const fault = 'split' in step ? splitFault(step, variants) : undefined;
    if (fault !== undefined) return fault;
  }
  return steps.length === 0 ? 'Stages need at least one' : undefined;
}
