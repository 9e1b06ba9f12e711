import { z } from 'zod';
import { json, key, listOf } from '../fields.ts';
import { condition } from '../flags/schemas.ts';

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

const MAX_ASKED = 20;
const separated = z.string().min(1).max(2_000);
const MAX_LISTED = 100;

export const profileQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_LISTED).default(50),
  cursor: profileKey.exactOptional(),
  /** What the key begins with. */
  search: profileKey.exactOptional(),
  /** What attributes are, separated by commas: `plan=pro,organisation->country=DE`. */
  attributes: separated.exactOptional(),
  /** Segments that all are belonged to, separated by commas. */
  segments: separated.exactOptional(),
});

/** The same with any condition, as rules and segments have them. */
export const profileSearch = z.strictObject({
  limit: z.number().int().min(1).max(MAX_LISTED).default(50),
  cursor: profileKey.exactOptional(),
  search: profileKey.exactOptional(),
  attributes: z.array(z.string().min(1).max(8_192)).max(MAX_ASKED).exactOptional(),
  segments: z.array(key).max(MAX_ASKED).exactOptional(),
  when: condition.exactOptional(),
});

/** `searched` comes with a search alone: how many profiles this request looked at, and how many there are. */
export const profilePage = z.strictObject({
  ...listOf(profile).shape,
  searched: z.strictObject({ looked_at: z.number().int(), profiles: z.number().int() }).exactOptional(),
});

export const uploaded = z.strictObject({ stored: z.number().int() });
