import type { StaleReason } from '@spillway/core';
import { z } from 'zod';
import { instant, key, listOf, page, versioned } from '../fields.ts';
import { flag, flagType } from './schemas.ts';

const yesOrNo = z.enum(['true', 'false']).transform((value) => value === 'true');

export const flagQuery = z.strictObject({
  ...page.shape,
  search: z.string().max(256).exactOptional(),
  lifecycle: z.enum(['active', 'archived']).exactOptional(),
  tag: key.exactOptional(),
  owner: z.string().max(256).exactOptional(),
  type: flagType.exactOptional(),
  managed_by: z.string().min(1).max(256).exactOptional(),
  /** Those that say something about this environment; with `enabled`, those that are so there. */
  environment: key.exactOptional(),
  enabled: yesOrNo.exactOptional(),
  stale: yesOrNo.exactOptional(),
  sort: z.enum(['key', 'updated', '-updated']).exactOptional(),
});

const staleness = z.strictObject({
  reason: z.enum([
    'never_evaluated',
    'not_evaluated',
    'one_variant_only',
    'fully_rolled_out',
    'archived_but_referenced',
  ] satisfies StaleReason[]),
  since: instant,
});

export const flagStaleness = z.strictObject({ stale: staleness.nullable() });

export const listedFlag = z.strictObject({ ...flag.shape, ...flagStaleness.shape });

export const flagPage = z.strictObject({ ...listOf(listedFlag).shape, total: z.number().int().min(0) });

const place = {
  path: z.string().min(1).max(1_024),
  line: z.number().int().min(1).max(10_000_000),
  text: z.string().max(500).exactOptional(),
};
const revision = z.string().min(1).max(128);
const repository = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 printable characters without spaces, such as github.com/acme/shop');

export const codeReferencesInput = z.strictObject({
  repository,
  revision: revision.exactOptional(),
  references: z.array(z.strictObject({ flag: key, ...place })).max(5_000),
});

export const codeReferences = z.strictObject({ ...codeReferencesInput.shape, ...versioned });

const foundReferences = z.array(
  z.strictObject({ repository: z.string(), revision: z.string().exactOptional(), ...place }),
);

export const flagReferences = z.strictObject({ references: foundReferences });

export const flagDependents = z.strictObject({
  flags: z.array(
    z.strictObject({
      flag: key,
      /** Whether it names this one as its parent. */
      child: z.boolean(),
      /** Where it requires these variants. */
      environments: z.array(key),
      variants: z.array(key),
    }),
  ),
  segments: z.array(key),
  switches: z.array(key),
  references: foundReferences,
});
