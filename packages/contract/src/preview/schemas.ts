import type { EvaluationContext } from '@spillway/evaluator';
import { z } from 'zod';
import { context } from '../evaluation/schemas.ts';
import { json, key } from '../fields.ts';
import * as flags from '../flags/schemas.ts';

export const MAX_PREVIEW_CONTEXTS = 1_000;

/** Either the whole flag as it would be saved, or what would change in one environment. */
export const previewInput = z.strictObject({
  flag: flags.flagInput.exactOptional(),
  environment: key.exactOptional(),
  update: flags.flagEnvironmentInput.exactOptional(),
  /** Whom to try the change on. */
  contexts: z.array(context).min(1, 'must hold at least one context').max(MAX_PREVIEW_CONTEXTS),
});

/** As it was sent. */
const tried: z.ZodType<EvaluationContext> = context;

const previewedAnswer = z.strictObject({ variant: z.string().nullable(), value: json });

export const preview = z.strictObject({
  environments: z.record(
    z.string(),
    z.strictObject({
      contexts: z.number(),
      changed: z.number(),
      share: z.strictObject({ estimate: z.number(), low: z.number(), high: z.number() }),
      transitions: z.array(z.strictObject({ from: previewedAnswer, to: previewedAnswer, count: z.number() })),
      examples: z.array(z.strictObject({ context: tried, from: previewedAnswer, to: previewedAnswer })),
    }),
  ),
});
