import type { SegmentType } from '@spillway/core';
import { z } from 'zod';
import { key, text, versioned } from '../fields.ts';
import { condition } from '../flags/schemas.ts';

export const MAX_RELATED_SEGMENTS = 50;
export const MAX_SCORE_RULES = 100;
const MAX_SCORE = 1_000_000;
const MAX_PRIORITY = 1_000_000;

const segmentType = z.enum(['rule_based', 'composite'] satisfies SegmentType[]);

const points = z.number().min(-MAX_SCORE).max(MAX_SCORE);

export const score = z.strictObject({
  rules: z
    .array(z.strictObject({ when: condition, weight: points }))
    .min(1)
    .max(MAX_SCORE_RULES),
  threshold: points,
});

const related = z.array(key).max(MAX_RELATED_SEGMENTS);

/** What a person sends: the type is seen from the rest, and `when` may be left out where a score or the parents decide. */
export const segmentInput = z.strictObject({
  key,
  type: segmentType.exactOptional(),
  name: z.string().max(256).exactOptional(),
  description: text.exactOptional(),
  owner: z.string().max(256).exactOptional(),
  tags: z.array(key).max(50).exactOptional(),
  when: condition.exactOptional(),
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
  when: condition,
  score: score.exactOptional(),
  parents: related.exactOptional(),
  exclusions: related.exactOptional(),
  priority: z.number().exactOptional(),
  ...versioned,
});

/** What names a segment, by key. */
export const segmentDependents = z.strictObject({
  flags: z.array(key),
  segments: z.array(key),
  switches: z.array(key),
});
