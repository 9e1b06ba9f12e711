import { z } from 'zod';
import { json } from '../fields.ts';

/** One answer, in OpenFeature's terms. */
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
