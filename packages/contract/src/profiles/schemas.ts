import { z } from 'zod';
import { json, key } from '../fields.ts';

export const PROFILE_UPLOADS = ['application/x-ndjson'] as const;
export const MAX_PROFILE_KEY_LENGTH = 200;

export const profileKey = z
  .string()
  .min(1)
  .max(MAX_PROFILE_KEY_LENGTH)
  .refine((key) => key.isWellFormed() && !key.includes('\0'), 'must be well-formed Unicode without NUL');

const attributes = z.record(z.string().min(1).max(256), json);

export const profileInput = z.strictObject({ attributes });

/** One line of an upload. */
export const profileLine = z.strictObject({ key: profileKey, attributes });

export const profile = z.strictObject({ key: z.string(), attributes, updated_at: z.string() });

/** With the segments it belongs to, by priority. */
export const profileWithSegments = z.strictObject({ ...profile.shape, segments: z.array(key) });

export const profileQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: profileKey.exactOptional(),
  /** What the key begins with. */
  search: profileKey.exactOptional(),
});

export const uploaded = z.strictObject({ stored: z.number().int() });
