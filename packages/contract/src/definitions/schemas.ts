import { z } from 'zod';
import { instant, json, key, text, unionBy } from '../fields.ts';
import { flagEnvironmentInput, flagInput } from '../flags/schemas.ts';
import { MAX_INLINE_MEMBERS, memberKey, segmentInput } from '../segments/schemas.ts';

/** What one file, or one request, may define; the words of the file format are these schemas. */
export const MAX_DEFINED = 10_000;
export const MAX_FIXTURES = 10_000;

export const API_VERSION = 'spillway/v1';

const { key: _, managed_by: __, ...flagFields } = flagInput.shape;
const { key: ___, managed_by: ____, members, ...segmentFields } = segmentInput.shape;

/** Who manages things is said once for all of them. */
export const managedBy = z.string().min(1).max(256);

export const definedFlag = z.strictObject({
  ...flagFields,
  all_environments: flagEnvironmentInput.exactOptional(),
});

export const definedSegment = z.strictObject({
  ...segmentFields,
  members: unionBy([members.unwrap(), z.array(memberKey).max(MAX_INLINE_MEMBERS)], (value) =>
    Array.isArray(value) ? 1 : 0,
  ).exactOptional(),
});

/** A file may keep a list beside itself. */
const segmentInFile = { ...definedSegment.shape, members_file: z.string().min(1).max(1_024).exactOptional() };

/** By key, or as a list whose items have their `key` inside. */
function keyed<T extends z.ZodRawShape>(fields: T) {
  const listed = z.strictObject({ key, ...fields });
  return unionBy([z.record(key, z.strictObject(fields)), z.array(listed).max(MAX_DEFINED)], (value) =>
    Array.isArray(value) ? 1 : 0,
  );
}

export const expectation = z.strictObject({
  value: json.exactOptional(),
  variant: key.nullable().exactOptional(),
  reason: z.enum(['STATIC', 'DEFAULT', 'TARGETING_MATCH', 'SPLIT', 'DISABLED', 'ERROR']).exactOptional(),
});

export const fixture = z.strictObject({
  name: text.exactOptional(),
  flag: key,
  environment: key.exactOptional(),
  context: z.record(z.string().max(256), json),
  at: instant.exactOptional(),
  expect: expectation,
});

/** One question to a flag, and what the answer must be. */
export type Fixture = z.output<typeof fixture>;

/** JSON has no comments, so editors are told of the schema by this field. */
const header = { $schema: z.string().exactOptional(), apiVersion: z.literal(API_VERSION) };

export const definitions = z.strictObject({
  ...header,
  kind: z.literal('Definitions'),
  managed_by: managedBy.exactOptional(),
  flags: keyed(definedFlag.shape).exactOptional(),
  segments: keyed(segmentInFile).exactOptional(),
  tests: z.array(fixture).max(MAX_FIXTURES).exactOptional(),
});

/** A file of fixtures alone; what they are about stands beside it, or in the files it names. */
export const fixtures = z.strictObject({
  ...header,
  kind: z.literal('Tests'),
  definitions: z.array(z.string().min(1).max(1_024)).min(1).max(100).exactOptional(),
  tests: z.array(fixture).min(1).max(MAX_FIXTURES),
});

export const definitionsFile = unionBy([definitions, fixtures], (value) =>
  (value as { readonly kind?: unknown }).kind === 'Tests' ? 1 : 0,
);
