import { z } from 'zod';
import { json } from '../fields.ts';
import { evaluation } from './evaluation.ts';
import { context } from './schemas.ts';

export const clientQuestion = z.strictObject({ context });

/** With an error code the value is null, and the application's own default is to be served. */
export const clientValue = z.strictObject({
  value: json,
  variant: z.string().exactOptional(),
  reason: evaluation.shape.reason,
  errorCode: evaluation.shape.errorCode,
});

const byFlag = z.record(z.string(), clientValue);

/** Also the data of the stream's first event, `values`. */
export const clientValues = z.strictObject({ configuration: z.number(), flags: byFlag });

/** The data of a `change` event: it fits on configuration `base` and on no other. */
export const clientChange = z.strictObject({
  base: z.number(),
  configuration: z.number(),
  flags: byFlag,
  removed: z.array(z.string()),
});
