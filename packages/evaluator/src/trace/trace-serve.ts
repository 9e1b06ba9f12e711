import { bucketIn, bucketingText } from '../bucketing/bucket.ts';
import type { BucketingForm } from '../bucketing/bucketing-form.ts';
import type { EvaluationContext } from '../evaluation.ts';
import { rampShare, stepAt } from '../flags/compile-serve.ts';
import type { FlagForm, ServeForm, StagesForm } from '../flags/flag-form.ts';
import { SHARE_WHOLE } from '../snapshot.ts';
import type { SplitTrace, Trace } from './trace.ts';

/** How what was served came out of a schedule, a split, or both. */
export function traceServe(
  form: FlagForm,
  serve: ServeForm,
  context: EvaluationContext,
  now: number,
): Pick<Trace, 'schedule' | 'split'> {
  if (serve.is === 'fixed') return {};
  if (serve.is === 'split') {
    const { ends, outcomes, bucketing } = serve;
    return { split: traceSplit(form, ends, outcomes, bucketing, context) };
  }
  if (serve.is === 'stages') return traceStages(form, serve, context, now);
  const share = rampShare(serve, now);
  const { from_ms, to_ms } = serve.source;
  const schedule = { is: 'ramp', share, from_ms, to_ms } as const;
  if (share <= 0 || share >= SHARE_WHOLE) return { schedule };
  const { variant, otherwise, bucketing } = serve;
  return { schedule, split: traceSplit(form, [share, SHARE_WHOLE], [variant, otherwise], bucketing, context) };
}

function traceStages(
  form: FlagForm,
  serve: StagesForm,
  context: EvaluationContext,
  now: number,
): Pick<Trace, 'schedule' | 'split'> {
  const step = stepAt(serve.steps, now);
  const current = serve.steps[step];
  const next = serve.steps[step + 1];
  return {
    schedule: {
      is: 'stages',
      ...(current === undefined ? {} : { step, from_ms: current.from }),
      ...(next === undefined ? {} : { next_ms: next.from }),
    },
    ...traceServe(form, current?.serve ?? serve.before, context, now),
  };
}

function traceSplit(
  { outcomes }: FlagForm,
  ends: readonly number[],
  parts: readonly number[],
  { source, read, seed }: BucketingForm,
  context: EvaluationContext,
): SplitTrace {
  const traced = ends.map((to, index) => {
    const variant = outcomes[parts[index] ?? -1]?.variant ?? '';
    return { variant, from: ends[index - 1] ?? 0, to };
  });
  const { by, path } = source;
  const split = { by, ...(path === undefined ? {} : { path }), seed: source.seed, parts: traced };
  const key = bucketingText(read(context));
  return key === undefined ? split : { ...split, key, bucket: bucketIn(key, seed) };
}
