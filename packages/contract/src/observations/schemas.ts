import { z } from 'zod';
import { evaluation } from '../evaluation/evaluation.ts';
import { instant, instantMs, key } from '../fields.ts';

export const MAX_SUMMARY_COUNTS = 10_000;
/** Of one answer in one summary; far beyond what a process can ask in its time. */
export const MAX_COUNT = 1_000_000_000_000;

export const summary = z.strictObject({
  from: instant,
  to: instantMs,
  counts: z
    .array(
      z.strictObject({
        flag: key,
        /** Null where the answer was none of the flag's variants. */
        variant: key.nullable(),
        reason: evaluation.shape.reason,
        count: z.number().int().min(1).max(MAX_COUNT),
      }),
    )
    .max(MAX_SUMMARY_COUNTS),
});

/** How many of the counts were of flags that there are. */
export const counted = z.strictObject({ counted: z.number() });

const counts = z.record(z.string(), z.number());

export const usage = z.strictObject({
  environments: z.record(
    z.string(),
    z.strictObject({
      evaluations: z.number(),
      last_evaluated_at: z.string().nullable(),
      variants: counts,
      series: z.array(z.strictObject({ at: z.string(), counts })),
    }),
  ),
});
