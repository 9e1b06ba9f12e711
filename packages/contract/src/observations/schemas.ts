import { z } from 'zod';
import { environment } from '../environments/schemas.ts';
import { evaluation } from '../evaluation/evaluation.ts';
import { context } from '../evaluation/schemas.ts';
import { instant, instantMs, key } from '../fields.ts';

export const MAX_SUMMARY_COUNTS = 10_000;
/** Of one answer in one summary; far beyond what a process can ask in its time. */
export const MAX_COUNT = 1_000_000_000_000;

export const MAX_SUMMARY_CONTEXTS = 500;
export const MAX_SUMMARY_SKETCHES = 5_000;
/** Of a sketch as text, however many users it met. */
const MAX_SKETCH_LENGTH = 2_049;

/** Numbers of configurations, the lowest and the highest. */
const configurations = z.strictObject({ first: z.number().int().min(0), last: z.number().int().min(0) });

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
        /** Which configurations the answers came from; older SDKs do not say it. */
        configurations: configurations
          .refine(({ first, last }) => first <= last, { path: ['last'], message: 'must not be below `first`' })
          .exactOptional(),
      }),
    )
    .max(MAX_SUMMARY_COUNTS),
  /** Whom each variant was given to, as far as the server does not know it yet: mergeable sketches, which hold no user's key. */
  users: z
    .array(
      z.strictObject({
        flag: key,
        variant: key.nullable(),
        sketch: z.string().min(1).max(MAX_SKETCH_LENGTH),
      }),
    )
    .max(MAX_SUMMARY_SKETCHES)
    .exactOptional(),
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
  /** Sketches of users are taken; absent: they are not. */
  unique_users: z.literal(true).exactOptional(),
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

/** Estimates of how many different users were answered since `from`; who got two variants counts once in `total`. */
const uniqueUsersSince = z.strictObject({ from: z.string(), total: z.number(), variants: counts });

const uniqueUsers = z.strictObject({
  /** Of each estimate, relative to it: one standard deviation. Of few users it is far smaller. */
  standard_error: z.number(),
  /** By the hour, the present one included. */
  last_24_hours: uniqueUsersSince,
  /** By the day in UTC, today included. */
  last_7_days: uniqueUsersSince,
  last_35_days: uniqueUsersSince,
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
      /** By variant, where applications said which configurations their answers came from. */
      configurations: z.record(z.string(), configurations),
      unique_users: uniqueUsers,
      /** Events `flag_evaluated` of the last 30 days by variant, and their different users. */
      exposures: z.record(z.string(), z.strictObject({ events: z.number(), users: z.number() })),
      series: z.array(z.strictObject({ at: z.string(), counts })),
    }),
  ),
});

/** Open streams and WebSockets; who polls has none, and a relay has those of one application, whoever stands behind it. */
export const connections = z.strictObject({
  environments: z.record(z.string(), z.strictObject({ applications: z.number().int(), pages: z.number().int() })),
});
