import { z } from 'zod';
import { json, page } from '../fields.ts';

export const noun = z.enum([
  'flags',
  'segments',
  'switches',
  'rollouts',
  'services',
  'environments',
  'access',
  'references',
]);

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

/** In lists: with what the change did in a line for people, for nouns whose actions do not say it all. */
export const listedEntry = z.strictObject({ ...logEntry.shape, summary: z.string().exactOptional() });

export const MAX_SEARCH_LENGTH = 256;

const instant = z.iso
  .datetime({ offset: true, error: 'must be a moment such as 2026-11-25T12:00:00Z' })
  .transform((value) => Date.parse(value));

const filters = {
  noun: noun.exactOptional(),
  key: z
    .string()
    .regex(/^[\x21-\x7e]{1,257}$/, 'must be the key of a document')
    .exactOptional(),
  /** As the log has it (`token:ann`) or without the way in (`ann`). */
  actor: z.string().min(1).max(MAX_SEARCH_LENGTH).exactOptional(),
  /** Changes of this environment, or that hold in it too. */
  environment: z.string().min(1).max(MAX_SEARCH_LENGTH).exactOptional(),
  /** Inclusive. */
  from: instant.exactOptional(),
  /** Exclusive. */
  to: instant.exactOptional(),
  search: z.string().min(1).max(MAX_SEARCH_LENGTH).exactOptional(),
};

/** A page may have fewer entries than asked for, even none, while `next` says that older ones have not been looked at. */
export const logQuery = z.strictObject({ ...page.shape, ...filters });

export const exportQuery = z.strictObject({ format: z.enum(['jsonl', 'csv']).default('jsonl'), ...filters });

export const verification = z.union([
  z.strictObject({ is: z.literal('intact'), entries: z.number(), head: z.string() }),
  z.strictObject({ is: z.literal('broken'), seq: z.number(), problem: z.string() }),
]);
