import { z } from 'zod';
import * as audit from '../audit/schemas.ts';
import { json, key, reason } from '../fields.ts';

const version = z.coerce.number().int().min(1);

export const versionOf = z.strictObject({ key, version });

/** A change, and what it did in a line for people. */
export const entry = z.strictObject({ ...audit.logEntry.shape, summary: z.string() });

/** Left out: the newest version, and the one before it. */
export const range = z.strictObject({
  from: z.coerce.number().int().min(0).exactOptional(),
  to: version.exactOptional(),
});

/** Where two versions differ, by JSON Pointer; what is not there on one side is left out. */
export const comparison = z.strictObject({
  from: z.number().int().min(0),
  to: z.number().int().min(1),
  changes: z.array(z.strictObject({ path: z.string(), before: json.exactOptional(), after: json.exactOptional() })),
});

export const restoring = z.strictObject({ version: z.number().int().min(1), reason: reason.exactOptional() });
