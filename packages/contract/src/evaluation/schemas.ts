import { z } from 'zod';
import { json, key } from '../fields.ts';

export const context = z.record(z.string().max(256), json);

export const evaluation = z.strictObject({
  flagKey: z.string(),
  value: json.optional(),
  variant: z.string().optional(),
  reason: z.enum(['STATIC', 'DEFAULT', 'TARGETING_MATCH', 'SPLIT', 'DISABLED', 'ERROR']),
  errorCode: z.string().optional(),
  errorMessage: z.string().optional(),
  flagMetadata: z.strictObject({
    configuration: z.number(),
    flagVersion: z.number().optional(),
    rule: z.string().optional(),
    killSwitch: z.string().optional(),
  }),
});

/** Admin tokens name the environment; an SDK key has its own. */
export const evaluateOne = z.strictObject({ context, environment: key.optional() });

export const evaluateMany = z.strictObject({
  context,
  environment: key.optional(),
  flags: z.array(key).max(1_000).optional(),
});

export const evaluations = z.strictObject({ configuration: z.number(), evaluations: z.array(evaluation) });
