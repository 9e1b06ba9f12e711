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

/** As `eventStreams` has it ready: the ticket, and the configuration that the flags beside it were evaluated on. */
export const ofrepEventQuery = z.strictObject({
  ticket: z.string().max(256).exactOptional(),
  after: z
    .string()
    .regex(/^[0-9]{1,16}$/, 'must be the number of a configuration')
    .exactOptional(),
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

/** A request target on the origin that was asked, so that it holds behind any proxy. */
const ofrepEventStream = z.strictObject({
  type: z.literal('sse'),
  endpoint: z.strictObject({ requestUri: z.string() }),
  inactivityDelaySec: z.int().min(1),
});

export const ofrepBulk = z.strictObject({
  flags: z.array(z.union([ofrepSuccess, ofrepFailure])),
  eventStreams: z.array(ofrepEventStream).exactOptional(),
  metadata: ofrepSuccess.shape.metadata,
});
