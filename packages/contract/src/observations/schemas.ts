import { z } from 'zod';
import { environment } from '../environments/schemas.ts';
import { evaluation } from '../evaluation/evaluation.ts';
import { context } from '../evaluation/schemas.ts';
import { instant, instantMs, key } from '../fields.ts';

export const MAX_SUMMARY_COUNTS = 10_000;
/** Of one answer in one summary; far beyond what a process can ask in its time. */
export const MAX_COUNT = 1_000_000_000_000;

export const MAX_SUMMARY_CONTEXTS = 500;

const collected = environment.shape.recent_contexts.exclude(['off']);

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
  /** Some of whom the application asked for, as the last answer allowed. */
  contexts: z
    .strictObject({
      recent_contexts: collected,
      items: z.array(z.strictObject({ rank: z.number().int().min(0), context })).max(MAX_SUMMARY_CONTEXTS),
    })
    .exactOptional(),
});

export const counted = z.strictObject({
  /** How many of the counts were of flags that there are. */
  counted: z.number(),
  /** What the application may tell of contexts from now on; absent: nothing. */
  contexts: z
    .strictObject({
      recent_contexts: collected,
      /** Must not leave the application. */
      private_attributes: z.array(z.string()),
      /** What ranks are made with, and digests of targeting keys. */
      salt: z.string(),
      /** Contexts of higher ranks are not kept; absent while there is room. */
      upto: z.number().exactOptional(),
    })
    .exactOptional(),
});

const counts = z.record(z.string(), z.number());

/** As many as a page of flags shows at most. */
export const MAX_ACTIVITY_FLAGS = 500;

export const activityQuestion = z.strictObject({ flags: z.array(key).min(1).max(MAX_ACTIVITY_FLAGS) });

export const activity = z.strictObject({
  /** Where the first part begins. */
  from: z.string(),
  part_ms: z.number(),
  /** Those of the flags that there are. */
  flags: z.record(
    z.string(),
    z.strictObject({
      /** Within five weeks, in any environment. */
      last_evaluated_at: z.string().nullable(),
      /** Answers per part, the oldest first; the last one is still going on. */
      parts: z.array(z.number()),
    }),
  ),
});

export const usage = z.strictObject({
  /** When a flag with this key was first made. */
  created_at: z.string().nullable(),
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
