import { z } from 'zod';
import { context, evaluation } from '../evaluation/schemas.ts';
import { json } from '../fields.ts';

/** Bodies of the OpenFeature Remote Evaluation Protocol 0.3. Fields of later versions are ignored, as it asks for. */
export const ofrepRequest = z.object({ context: context.exactOptional() });

/** Sent back by a client that was told of a change; what it has already is told by `If-None-Match`. */
export const ofrepQuery = z.object({
  flagConfigEtag: z.string().max(512).exactOptional(),
  flagConfigLastModified: z.string().max(64).exactOptional(),
});

export const ofrepSuccess = z.strictObject({
  key: z.string(),
  value: json,
  reason: evaluation.shape.reason,
  variant: z.string().exactOptional(),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

export const ofrepFailure = z.strictObject({
  key: z.string().exactOptional(),
  errorCode: evaluation.shape.errorCode.unwrap(),
  errorDetails: z.string(),
});

export const ofrepBulk = z.strictObject({
  flags: z.array(z.union([ofrepSuccess, ofrepFailure])),
  metadata: ofrepSuccess.shape.metadata,
});
