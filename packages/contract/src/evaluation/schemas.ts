import { z } from 'zod';
import { json, key } from '../fields.ts';

/** Of the context as JSON text. Conditions are tried on it one by one, so its size is what an evaluation costs. */
export const MAX_CONTEXT_CHARACTERS = 32_768;

export const context = z
  .record(z.string().max(256), json)
  .refine(
    (value) => JSON.stringify(value).length <= MAX_CONTEXT_CHARACTERS,
    `must be at most ${MAX_CONTEXT_CHARACTERS} characters of JSON; send only what rules ask for`,
  );

export const evaluation = z.strictObject({
  flagKey: z.string(),
  value: json,
  variant: z.string().exactOptional(),
  reason: z.enum(['STATIC', 'DEFAULT', 'TARGETING_MATCH', 'SPLIT', 'DISABLED', 'ERROR']),
  errorCode: z
    .enum([
      'PROVIDER_NOT_READY',
      'FLAG_NOT_FOUND',
      'PARSE_ERROR',
      'TYPE_MISMATCH',
      'TARGETING_KEY_MISSING',
      'INVALID_CONTEXT',
      'GENERAL',
    ])
    .exactOptional(),
  errorMessage: z.string().exactOptional(),
  flagMetadata: z.strictObject({
    configuration: z.number(),
    flagVersion: z.number().exactOptional(),
    rule: z.string().exactOptional(),
    killSwitch: z.string().exactOptional(),
    prerequisite: z.string().exactOptional(),
  }),
});

/** Admin tokens name the environment; an SDK key has its own. */
export const evaluateOne = z.strictObject({ context, environment: key.exactOptional() });

export const evaluateMany = z.strictObject({
  context,
  environment: key.exactOptional(),
  flags: z.array(key).max(1_000).exactOptional(),
});

export const evaluations = z.strictObject({ configuration: z.number(), evaluations: z.array(evaluation) });
