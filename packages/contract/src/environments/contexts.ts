import type { EvaluationContext } from '@spillway/evaluator';
import { z } from 'zod';
import { context } from '../evaluation/schemas.ts';
import { environment } from './schemas.ts';

const MAX_TARGETING_KEY_LENGTH = 200;

export const targetingKey = z.string().min(1).max(MAX_TARGETING_KEY_LENGTH);

/** As it is kept: private attributes are gone, and under `hashed` the targeting key is a digest. */
const keptContext: z.ZodType<EvaluationContext> = context;

export const contextPage = z.strictObject({
  recent_contexts: environment.shape.recent_contexts,
  /** Of all pages together, as are the times. */
  count: z.number().int(),
  oldest_at: z.string().nullable(),
  newest_at: z.string().nullable(),
  items: z.array(z.strictObject({ context: keptContext, seen_at: z.string() })),
  next: z.string().exactOptional(),
});

export const deleted = z.strictObject({ deleted: z.number().int() });
