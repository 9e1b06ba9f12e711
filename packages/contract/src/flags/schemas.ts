import type { Condition, FlagDefinition } from '@spillway/evaluator';
import { z } from 'zod';
import { json, key, percentage, text, unionBy, versioned } from '../fields.ts';

export const MAX_VARIANTS = 100;
export const MAX_RULES = 200;
export const MAX_CONDITIONS = 100;
export const MAX_VALUES = 10_000;

export const variant = z.strictObject({ name: key, value: json });

export const operator = z.enum([
  'equals',
  'not_equals',
  'contains',
  'not_contains',
  'in',
  'not_in',
  'greater_than',
  'greater_or_equal',
  'less_than',
  'less_or_equal',
  'between',
  'starts_with',
  'ends_with',
  'regex',
  'semver_equals',
  'semver_greater_than',
  'semver_less_than',
  'before',
  'after',
  'exists',
]);

/** The keys that tell the first forms of a condition; all else is a comparison. */
const CONDITION_FORMS = ['all', 'any', 'not', 'segment'];

export const condition: z.ZodType<Condition> = z.lazy(() =>
  unionBy(
    [
      z.strictObject({ all: z.array(condition).max(MAX_CONDITIONS) }),
      z.strictObject({ any: z.array(condition).max(MAX_CONDITIONS) }),
      z.strictObject({ not: condition }),
      z.strictObject({ segment: key }),
      z.strictObject({
        attribute: z.string().min(1).max(256),
        operator,
        values: z.array(json).max(MAX_VALUES),
      }),
    ],
    (value) => {
      const index = CONDITION_FORMS.findIndex((name) => Object.hasOwn(value, name));
      return index === -1 ? CONDITION_FORMS.length : index;
    },
  ),
);

export const splitPart = z.strictObject({ variant: key, percentage });

export const serve = unionBy(
  [z.strictObject({ variant: key }), z.strictObject({ split: z.array(splitPart).min(1).max(MAX_VARIANTS) })],
  (value) => (Object.hasOwn(value, 'split') ? 1 : 0),
);

export const rule = z.strictObject({ id: key, description: text.exactOptional(), when: condition, serve });

export const target = z.strictObject({ variant: key, keys: z.array(z.string().max(1_024)).max(MAX_VALUES) });

export const bucketing = z.strictObject({
  algorithm: z.literal('spillway-1'),
  by: z.string().min(1).max(256),
  seed: z.string().min(1).max(256),
});

export const flagEnvironment = z.strictObject({
  enabled: z.boolean(),
  off_variant: key,
  targets: z.array(target).max(MAX_VARIANTS),
  rules: z.array(rule).max(MAX_RULES),
  fallthrough: serve,
  bucketing,
});

/** What a person sends: everything that has an obvious default may be left out. */
export const flagEnvironmentInput = z.strictObject({
  enabled: z.boolean().exactOptional(),
  off_variant: key.exactOptional(),
  targets: flagEnvironment.shape.targets.exactOptional(),
  rules: z
    .array(rule.partial({ id: true }))
    .max(MAX_RULES)
    .exactOptional(),
  fallthrough: serve.exactOptional(),
  /** Shorthand for a boolean flag: this share of users gets `on`. */
  percentage: percentage.exactOptional(),
  bucketing: bucketing.partial().exactOptional(),
});

const flagType = z.enum(['boolean', 'string', 'number', 'json'] satisfies FlagDefinition['type'][]);

export const flagInput = z.strictObject({
  key,
  type: flagType.exactOptional(),
  description: text.exactOptional(),
  owner: z.string().max(256).exactOptional(),
  tags: z.array(key).max(50).exactOptional(),
  services: z.array(key).max(50).exactOptional(),
  variants: z.array(variant).min(1).max(MAX_VARIANTS).exactOptional(),
  environments: z.record(key, flagEnvironmentInput).exactOptional(),
});

export const flag = z.strictObject({
  key,
  type: flagType,
  description: text,
  owner: z.string(),
  tags: z.array(key),
  services: z.array(key),
  variants: z.array(variant),
  lifecycle: z.enum(['active', 'archived']),
  environments: z.record(key, flagEnvironment),
  ...versioned,
});
