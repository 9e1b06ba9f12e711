import type { SegmentType } from '@spillway/core';
import { z } from 'zod';
import { key, listOf, reason, text, versioned } from '../fields.ts';
import { condition } from '../flags/schemas.ts';

export const MAX_RELATED_SEGMENTS = 50;
export const MAX_SCORE_RULES = 100;
const MAX_SCORE = 1_000_000;
const MAX_PRIORITY = 1_000_000;

const segmentType = z.enum(['rule_based', 'composite', 'list'] satisfies SegmentType[]);

const points = z.number().min(-MAX_SCORE).max(MAX_SCORE);

export const score = z.strictObject({
  rules: z
    .array(z.strictObject({ when: condition, weight: points }))
    .min(1)
    .max(MAX_SCORE_RULES),
  threshold: points,
});

const related = z.array(key).max(MAX_RELATED_SEGMENTS);

/** What imports take: a table with a header row, or one JSON value a line. */
export const MEMBER_UPLOADS = ['text/csv', 'application/x-ndjson'] as const;
export const MAX_INLINE_MEMBERS = 10_000;
const MAX_CHECKED_KEYS = 1_000;
export const memberKey = z.string().min(1).max(1_024);
const attribute = z.string().min(1).max(256);
const path = z.array(attribute).max(10);

/** `keys` is the whole list, for short ones; left out, the segment keeps the list it has. Longer ones are imported. */
const segmentMembersInput = z.strictObject({
  by: attribute.exactOptional(),
  path: path.exactOptional(),
  keys: z.array(memberKey).max(MAX_INLINE_MEMBERS).exactOptional(),
});

const segmentMembers = z.strictObject({
  by: attribute.exactOptional(),
  path: path.exactOptional(),
  count: z.number().int().min(0),
  /** Where the list is kept: SHA-256 of each part and how many members it holds. */
  chunks: z.array(z.strictObject({ digest: z.string(), count: z.number().int().min(0) })),
});

export const importQuery = z.strictObject({
  mode: z.enum(['replace', 'add', 'remove']).default('replace'),
  /** The column of a table, or the member of JSON objects, that holds the key. */
  column: z.string().min(1).max(256).exactOptional(),
  reason: reason.exactOptional(),
});

export const memberImport = z.strictObject({
  version: z.number().int(),
  count: z.number().int(),
  added: z.number().int(),
  removed: z.number().int(),
});

export const memberCheckInput = z.strictObject({ keys: z.array(memberKey).min(1).max(MAX_CHECKED_KEYS) });

export const memberCheck = z.strictObject({
  count: z.number().int(),
  items: z.array(z.strictObject({ key: z.string(), listed: z.boolean() })),
});

/** What a person sends: the type is seen from the rest, and `when` may be left out where a list, a score or the parents decide. */
export const segmentInput = z.strictObject({
  key,
  type: segmentType.exactOptional(),
  name: z.string().max(256).exactOptional(),
  description: text.exactOptional(),
  owner: z.string().max(256).exactOptional(),
  tags: z.array(key).max(50).exactOptional(),
  managed_by: z.string().min(1).max(256).exactOptional(),
  when: condition.exactOptional(),
  members: segmentMembersInput.exactOptional(),
  score: score.exactOptional(),
  parents: related.exactOptional(),
  exclusions: related.exactOptional(),
  priority: z.number().int().min(-MAX_PRIORITY).max(MAX_PRIORITY).exactOptional(),
});

export const segment = z.strictObject({
  key,
  type: segmentType,
  name: z.string(),
  description: text,
  owner: z.string(),
  tags: z.array(key),
  managed_by: z.string().exactOptional(),
  when: condition,
  members: segmentMembers.exactOptional(),
  score: score.exactOptional(),
  parents: related.exactOptional(),
  exclusions: related.exactOptional(),
  priority: z.number().exactOptional(),
  ...versioned,
});

export const segmentPage = z.strictObject({ ...listOf(segment).shape, total: z.number().int().min(0) });

/** What names a segment, by key. */
export const segmentDependents = z.strictObject({
  flags: z.array(key),
  segments: z.array(key),
  switches: z.array(key),
});

const counted = { profiles: z.number().int(), sampled: z.number().int() };
const share = z.number().min(0).max(1);

/** The size of a segment by the profiles that are kept: exact where all were looked at, otherwise with its interval. */
export const estimate = z.strictObject({
  ...counted,
  exact: z.boolean(),
  share,
  members: z.number().int(),
  low: z.number().int(),
  high: z.number().int(),
  confidence: share,
});

export const estimateInput = z.strictObject({ segment: segmentInput });

export const overlapQuery = z.strictObject({ segments: z.string().min(1).max(2_000) });

const percent = z.number().min(0).max(100);
const overlapCount = { segments: z.array(key), count: z.number().int(), percentage: percent };

/** Percentages of all profiles that were looked at, unless they say otherwise. */
export const overlap = z.strictObject({
  ...counted,
  segments: z.array(z.strictObject({ segment: key, count: z.number().int(), percentage: percent })),
  pairs: z.array(z.strictObject({ ...overlapCount, percentage_of_each: z.array(percent.nullable()) })),
  combinations: z.array(z.strictObject(overlapCount)),
  none: z.number().int(),
});

export const membership = z.strictObject({
  items: z.array(
    z.strictObject({
      ...{ at: z.string(), ...counted },
      ...{ members: z.number().int(), entered: z.number().int(), left: z.number().int() },
    }),
  ),
});
