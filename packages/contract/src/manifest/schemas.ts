import { z } from 'zod';
import { json, key, text } from '../fields.ts';

/** What OpenFeature's tools exchange. `float` is theirs too, although the first version of their API forgot to list it. */
const type = z.enum(['boolean', 'string', 'integer', 'float', 'object']);

export const manifestFlag = z.strictObject({ key, name: z.string(), type, description: text, defaultValue: json });

export const manifest = z.strictObject({ flags: z.array(manifestFlag) });

/** A name is taken and not kept: a flag is called by its key. */
const described = { key, type, name: text.exactOptional(), description: text.nullable().exactOptional() };

export const newManifestFlag = z.strictObject({ ...described, defaultValue: json });

export const changedManifestFlag = z.strictObject({ ...described, defaultValue: json.exactOptional() });

export const writtenManifestFlag = z.strictObject({ flag: manifestFlag, updatedAt: z.string() });

export const archivedManifestFlag = z.strictObject({ message: z.string(), archivedAt: z.string() });
