import type { DefinedFlag, DefinedSegment } from '@spillway/core';
import { z } from 'zod';
import { json, key, reason } from '../fields.ts';
import { API_VERSION, definedFlag, definedSegment, managedBy } from './schemas.ts';

/** As in a file, by key; what all files say together. */
const definitions = z.strictObject({
  apiVersion: z.literal(API_VERSION).exactOptional(),
  kind: z.literal('Definitions').exactOptional(),
  flags: z.record(key, definedFlag).exactOptional(),
  segments: z.record(key, definedSegment).exactOptional(),
});

export const definitionsToPlan = z.strictObject({
  definitions,
  /** What bears the mark and is not defined any more goes: flags are archived, segments deleted. */
  prune: z.boolean().exactOptional(),
  managed_by: managedBy.exactOptional(),
});

export const definitionsToApply = z.strictObject({
  ...definitionsToPlan.shape,
  /** That of the plan that was looked at. */
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/, 'must be the fingerprint that the plan came with'),
  reason: reason.exactOptional(),
});

export const definitionPlan = z.strictObject({
  changes: z.array(
    z.strictObject({
      noun: z.enum(['flags', 'segments']),
      key,
      action: z.enum(['create', 'update', 'archive', 'delete', 'none']),
      diff: z.array(z.strictObject({ path: z.string(), before: json.exactOptional(), after: json.exactOptional() })),
    }),
  ),
  fingerprint: z.string(),
});

export const exportedDefinitions = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('Definitions'),
  managed_by: managedBy.exactOptional(),
  // The types of core allow undefined where JSON leaves a field out; the schemas are the same.
  flags: z.record(key, definedFlag as unknown as z.ZodType<DefinedFlag>),
  segments: z.record(key, definedSegment as unknown as z.ZodType<DefinedSegment>),
});
