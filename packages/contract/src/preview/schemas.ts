import type { EvaluationContext } from '@spillway/evaluator';
import { z } from 'zod';
import { environment } from '../environments/schemas.ts';
import { context } from '../evaluation/schemas.ts';
import { json, key } from '../fields.ts';
import * as flags from '../flags/schemas.ts';
import * as segments from '../segments/schemas.ts';

export const MAX_PREVIEW_CONTEXTS = 1_000;

/** Whom to try the change on; left out: whom each environment was asked for lately. */
const contexts = z
  .array(context)
  .min(1, 'must hold at least one context; leave it out to use recent ones')
  .max(MAX_PREVIEW_CONTEXTS)
  .exactOptional();

/** Either the whole flag as it would be saved, or what would change in one environment. */
export const previewInput = z.strictObject({
  flag: flags.flagInput.exactOptional(),
  environment: key.exactOptional(),
  update: flags.flagEnvironmentInput.exactOptional(),
  contexts,
});

/** The whole segment as it would be saved; without an environment in all of them. */
export const segmentPreviewInput = z.strictObject({
  segment: segments.segmentInput,
  environment: key.exactOptional(),
  contexts,
});

/** As it was sent or kept. */
const tried: z.ZodType<EvaluationContext> = context;

const previewedAnswer = z.strictObject({ variant: z.string().nullable(), value: json });

/** With the bounds of Wilson's interval at 95 % confidence. */
const share = z.strictObject({ estimate: z.number(), low: z.number(), high: z.number() });

const transitions = z.array(z.strictObject({ from: previewedAnswer, to: previewedAnswer, count: z.number() }));

const flagPreview = {
  contexts: z.number(),
  changed: z.number(),
  share,
  transitions,
  examples: z.array(z.strictObject({ context: tried, from: previewedAnswer, to: previewedAnswer })),
};

/** Whom the change was tried on. */
const sample = z.strictObject({
  from: z.enum(['request', 'recent']),
  recent_contexts: environment.shape.recent_contexts,
  contexts: z.number(),
  /** When the first and the last of them were asked for; null for contexts that came with the request. */
  oldest_at: z.string().nullable(),
  newest_at: z.string().nullable(),
  /** Why there are none, and what to do about it. */
  hint: z.string().exactOptional(),
});

export const preview = z.strictObject({
  environments: z.record(
    z.string(),
    z.strictObject({
      ...flagPreview,
      sample,
      /**
       * In the rules' order, as if the flag were on: how many of the contexts meet a rule's conditions, and for how many it
       * would decide because no individual target and no rule above does.
       */
      rules: z.array(z.strictObject({ id: z.string(), matches: z.number(), decides: z.number() })),
      /** Other flags that would answer differently because they require this one. */
      dependents: z.record(z.string(), z.strictObject({ changed: z.number(), share, transitions })),
      dependents_left_out: z.number(),
    }),
  ),
  /** Rules that no context will ever get to; `field` is a JSON Pointer into the flag. */
  warnings: z.array(z.strictObject({ field: z.string(), message: z.string() })),
});

export const segmentPreview = z.strictObject({
  environments: z.record(
    z.string(),
    z.strictObject({
      sample,
      members: z.strictObject({ before: z.number(), after: z.number(), entered: z.number(), left: z.number() }),
      /** Every flag whose answers may depend on the segment, changed or not. */
      flags: z.record(z.string(), z.strictObject(flagPreview)),
      flags_left_out: z.number(),
    }),
  ),
});
