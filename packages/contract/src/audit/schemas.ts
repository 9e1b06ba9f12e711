import { z } from 'zod';
import { json, page } from '../fields.ts';

export const noun = z.enum(['flags', 'segments', 'switches', 'rollouts', 'services', 'environments', 'access']);

export const logEntry = z.strictObject({
  project: z.string(),
  seq: z.number().int(),
  at_ms: z.number(),
  actor: z.string(),
  action: z.string(),
  noun,
  key: z.string(),
  reason: z.string(),
  version: z.number(),
  before: json,
  after: json,
  because: json,
  previous_hash: z.string(),
  hash: z.string(),
});

export const logQuery = z.strictObject({
  ...page.shape,
  noun: noun.exactOptional(),
  key: z
    .string()
    .regex(/^[\x21-\x7e]{1,257}$/, 'must be the key of a document')
    .exactOptional(),
});

export const verification = z.union([
  z.strictObject({ is: z.literal('intact'), entries: z.number(), head: z.string() }),
  z.strictObject({ is: z.literal('broken'), seq: z.number(), problem: z.string() }),
]);
