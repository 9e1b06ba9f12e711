import type { ConditionInput, FlagKind } from '@spillway/core';
import type { Condition, FlagDefinition } from '@spillway/evaluator';
import { z } from 'zod';
import { instant, json, key, percentage, text, unionBy, versioned } from '../fields.ts';

export const MAX_VARIANTS = 100;
export const MAX_RULES = 200;
export const MAX_CONDITIONS = 100;
export const MAX_VALUES = 10_000;
export const MAX_STAGES = 100;
export const MAX_PREREQUISITES = 50;
export const MAX_PATH = 16;
export const MAX_TARGET_ENVIRONMENTS = 100;

export const variant = z.strictObject({ name: key, value: json });

/** Fields to follow inside an attribute. */
const path = z.array(z.string().min(1).max(256)).max(MAX_PATH);
const attribute = z.string().min(1).max(256);

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
  'semver_greater_or_equal',
  'semver_less_than',
  'semver_less_or_equal',
  'before',
  'after',
  'exists',
  'imported',
]);

/** The keys that tell the first forms of a condition; all else is a comparison. */
const CONDITION_FORMS = ['all', 'any', 'not', 'segment', 'flag'];

const comparison = z.strictObject({
  attribute,
  path: path.exactOptional(),
  operator,
  values: z.array(json).max(MAX_VALUES),
  ignore_case: z.boolean().exactOptional(),
});

/** The one comparison with nothing: what it is compared with may be left out. */
const existence = z.strictObject({
  ...comparison.shape,
  operator: z.literal('exists'),
  values: comparison.shape.values.default([]),
});

/** Another flag of the same environment serves one of these variants. */
const flagCondition = z.strictObject({ flag: key, variants: z.array(key).min(1).max(MAX_VARIANTS) });

export const condition: z.ZodType<Condition> = z.lazy(() =>
  unionBy(
    [
      z.strictObject({ all: z.array(condition).max(MAX_CONDITIONS) }),
      z.strictObject({ any: z.array(condition).max(MAX_CONDITIONS) }),
      z.strictObject({ not: condition }),
      z.strictObject({ segment: key }),
      flagCondition,
      comparison,
      existence,
    ],
    formOf,
  ),
);

/** Segments may be asked for like an operator. */
export const conditionInput: z.ZodType<ConditionInput> = z.lazy(() =>
  unionBy(
    [
      z.strictObject({ all: z.array(conditionInput).max(MAX_CONDITIONS) }),
      z.strictObject({ any: z.array(conditionInput).max(MAX_CONDITIONS) }),
      z.strictObject({ not: conditionInput }),
      z.strictObject({ segment: key }),
      flagCondition,
      comparison,
      existence,
      segmentComparison,
    ],
    (value) => (SEGMENT_OPERATORS.has(Reflect.get(value, 'operator')) ? CONDITION_FORMS.length + 2 : formOf(value)),
  ),
);

const segmentOperator = z.enum(['in_segment', 'not_in_segment']);
const SEGMENT_OPERATORS: ReadonlySet<unknown> = new Set(segmentOperator.options);
const segmentComparison = z.strictObject({
  operator: segmentOperator,
  values: z.array(key).min(1).max(MAX_CONDITIONS),
});

function formOf(value: object): number {
  const index = CONDITION_FORMS.findIndex((name) => Object.hasOwn(value, name));
  if (index !== -1) return index;
  return CONDITION_FORMS.length + (Reflect.get(value, 'operator') === 'exists' ? 1 : 0);
}

export const splitPart = z.strictObject({ variant: key, percentage });

const split = z.array(splitPart).min(1).max(MAX_VARIANTS);

export const stages = z.strictObject({
  variant: key.exactOptional(),
  otherwise: key,
  steps: z
    .array(
      unionBy([z.strictObject({ from: instant, percentage }), z.strictObject({ from: instant, split })], (value) =>
        Object.hasOwn(value, 'split') ? 1 : 0,
      ),
    )
    .min(1)
    .max(MAX_STAGES),
});

export const ramp = z.strictObject({
  variant: key,
  otherwise: key,
  from: instant,
  to: instant,
  from_percentage: percentage,
  to_percentage: percentage,
});

const SERVE_FORMS = ['variant', 'split', 'value', 'stages', 'ramp'];

export const serve = unionBy(
  [
    z.strictObject({ variant: key }),
    z.strictObject({ split }),
    z.strictObject({ value: json }),
    z.strictObject({ stages }),
    z.strictObject({ ramp }),
  ],
  (value) =>
    Math.max(
      0,
      SERVE_FORMS.findIndex((name) => Object.hasOwn(value, name)),
    ),
);

/** Where a subject's key stands, and what is hashed with it; each may be left out of a rule. */
export const ruleBucketing = z.strictObject({
  by: attribute.exactOptional(),
  path: path.exactOptional(),
  seed: z.string().min(1).max(256).exactOptional(),
});

export const rule = z.strictObject({
  id: key,
  description: text.exactOptional(),
  when: condition,
  serve,
  bucketing: ruleBucketing.exactOptional(),
});

const ruleInput = z.strictObject({ ...rule.shape, id: key.exactOptional(), when: conditionInput });

export const target = z.strictObject({
  variant: key,
  keys: z.array(z.string().max(1_024)).max(MAX_VALUES),
  by: attribute.exactOptional(),
  path: path.exactOptional(),
});

export const prerequisite = z.strictObject({ flag: key, variants: z.array(key).min(1).max(MAX_VARIANTS) });

export const bucketing = z.strictObject({
  algorithm: z.literal('spillway-1'),
  by: attribute,
  path: path.exactOptional(),
  seed: z.string().min(1).max(256),
});

export const flagEnvironment = z.strictObject({
  enabled: z.boolean(),
  off_variant: key,
  prerequisites: z.array(prerequisite).max(MAX_PREREQUISITES).exactOptional(),
  targets: z.array(target).max(MAX_VARIANTS),
  rules: z.array(rule).max(MAX_RULES),
  fallthrough: serve,
  bucketing,
});

const released = { variant: key.exactOptional() };
const STRATEGIES = ['all_users', 'percentage', 'user_list', 'environment', 'experiment', 'gradual'];

/** Shorthand for who gets the flag; `variant` is what they get, a boolean flag's true variant unless it is given. */
export const strategy = unionBy(
  [
    z.strictObject({
      type: z.literal('all_users', { error: `must be one of ${STRATEGIES.join(', ')}` }),
      ...released,
    }),
    z.strictObject({ type: z.literal('percentage'), percentage, ...released }),
    z.strictObject({
      type: z.literal('user_list'),
      users: z.array(z.string().max(1_024)).max(MAX_VALUES),
      ...released,
    }),
    z.strictObject({ type: z.literal('environment'), ...released }),
    z.strictObject({ type: z.literal('experiment'), split }),
    z.strictObject({
      type: z.literal('gradual'),
      stages: z
        .array(z.strictObject({ from: instant, percentage }))
        .min(1)
        .max(MAX_STAGES),
      ...released,
    }),
    z.strictObject({
      type: z.literal('gradual'),
      from: instant,
      to: instant,
      from_percentage: percentage,
      to_percentage: percentage,
      ...released,
    }),
  ],
  (value) => {
    const index = STRATEGIES.indexOf(Reflect.get(value, 'type'));
    // An unknown type is told all known ones by the first form.
    return index === 5 && !Object.hasOwn(value, 'stages') ? 6 : Math.max(0, index);
  },
);

/** What a person sends: everything that has an obvious default may be left out. */
export const flagEnvironmentInput = z.strictObject({
  enabled: z.boolean().exactOptional(),
  off_variant: key.exactOptional(),
  prerequisites: z.array(prerequisite).max(MAX_PREREQUISITES).exactOptional(),
  targets: flagEnvironment.shape.targets.exactOptional(),
  rules: z.array(ruleInput).max(MAX_RULES).exactOptional(),
  fallthrough: serve.exactOptional(),
  /** Shorthand for a boolean flag: this share of users gets `on`. */
  percentage: percentage.exactOptional(),
  strategy: strategy.exactOptional(),
  bucketing: bucketing.partial().exactOptional(),
});

export const flagType = z.enum(['boolean', 'string', 'number', 'json'] satisfies FlagDefinition['type'][]);
const kind = z.enum(['boolean', 'percentage', 'user_list', 'environment', 'experiment'] satisfies FlagKind[]);
const valueSchema = z.record(z.string(), json);

export const flagInput = z.strictObject({
  key,
  type: flagType.exactOptional(),
  kind: kind.exactOptional(),
  description: text.exactOptional(),
  owner: z.string().max(256).exactOptional(),
  tags: z.array(key).max(50).exactOptional(),
  services: z.array(key).max(50).exactOptional(),
  variants: z.array(variant).min(1).max(MAX_VARIANTS).exactOptional(),
  value_schema: valueSchema.exactOptional(),
  permanent: z.boolean().exactOptional(),
  managed_by: z.string().min(1).max(256).exactOptional(),
  parent: key.exactOptional(),
  target_environments: z.array(key).max(MAX_TARGET_ENVIRONMENTS).exactOptional(),
  environments: z.record(key, flagEnvironmentInput).exactOptional(),
});

/** A flag as it is made: `strategy`, or else its kind, says who is to get it wherever an environment does not. */
export const newFlag = flagInput.extend({ strategy: strategy.exactOptional() });

export const flag = z.strictObject({
  key,
  type: flagType,
  kind: kind.exactOptional(),
  description: text,
  owner: z.string(),
  tags: z.array(key),
  services: z.array(key),
  variants: z.array(variant),
  value_schema: valueSchema.exactOptional(),
  lifecycle: z.enum(['active', 'archived']),
  permanent: z.literal(true).exactOptional(),
  managed_by: z.string().exactOptional(),
  parent: key.exactOptional(),
  target_environments: z.array(key).exactOptional(),
  environments: z.record(key, flagEnvironment),
  ...versioned,
});
