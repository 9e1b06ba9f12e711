import type {
  ConditionTrace,
  Explanation,
  PrerequisiteTrace,
  ScheduleTrace,
  SegmentTrace,
  Trace,
} from '@spillway/evaluator';
import { z } from 'zod';
import { json } from '../fields.ts';
import { operator } from '../flags/schemas.ts';
import { evaluation } from './evaluation.ts';

/** How an answer came about, as the evaluator tells it. Nothing here is taken from callers. */

const members = z.strictObject({ key: z.string().exactOptional(), listed: z.boolean() });

const score = z.strictObject({
  sum: z.number(),
  threshold: z.number(),
  rules: z.array(z.strictObject({ weight: z.number(), condition: z.lazy(() => conditionTrace) })),
});

export const segmentTrace: z.ZodType<SegmentTrace> = z.lazy(() =>
  z.strictObject({
    is: z.literal('segment'),
    segment: z.string(),
    met: z.boolean(),
    problem: z.string().exactOptional(),
    parts: z.array(conditionTrace),
    members: members.exactOptional(),
    score: score.exactOptional(),
    parents: z.array(segmentTrace).exactOptional(),
    exclusions: z.array(segmentTrace).exactOptional(),
  }),
);

export const conditionTrace: z.ZodType<ConditionTrace> = z.lazy(() =>
  z.union([
    z.strictObject({ is: z.enum(['all', 'any', 'not']), met: z.boolean(), parts: z.array(conditionTrace) }),
    z.strictObject({
      is: z.literal('comparison'),
      attribute: z.string(),
      path: z.array(z.string()).exactOptional(),
      operator,
      expected: z.array(json),
      ignore_case: z.boolean().exactOptional(),
      actual: json.exactOptional(),
      met: z.boolean(),
    }),
    z.strictObject({
      is: z.literal('flag'),
      flag: z.string(),
      expected: z.array(z.string()),
      actual: z.string().exactOptional(),
      met: z.boolean(),
    }),
    segmentTrace,
  ]),
);

const prerequisiteTrace: z.ZodType<PrerequisiteTrace> = z.strictObject({
  flag: z.string(),
  variants: z.array(z.string()),
  met: z.boolean(),
  explanation: z.lazy((): z.ZodType<Explanation> => z.strictObject({ evaluation, trace })),
});

const scheduleTrace: z.ZodType<ScheduleTrace> = z.union([
  z.strictObject({
    is: z.literal('stages'),
    step: z.number().exactOptional(),
    from_ms: z.number().exactOptional(),
    next_ms: z.number().exactOptional(),
  }),
  z.strictObject({ is: z.literal('ramp'), share: z.number(), from_ms: z.number(), to_ms: z.number() }),
]);

export const trace: z.ZodType<Trace> = z.strictObject({
  decided_by: z.enum(['error', 'off', 'kill_switch', 'prerequisite', 'target', 'rule', 'fallthrough']),
  problem: z.string().exactOptional(),
  switches: z
    .array(
      z.strictObject({
        key: z.string(),
        scope: z.enum(['global', 'region', 'service', 'user_segment', 'feature']),
        covers: z.boolean(),
      }),
    )
    .exactOptional(),
  kill_switch: z.string().exactOptional(),
  prerequisites: z.array(prerequisiteTrace).exactOptional(),
  target: z.string().exactOptional(),
  target_by: z.array(z.string()).exactOptional(),
  rules: z.array(
    z.strictObject({
      id: z.string(),
      result: z.enum(['matched', 'not_matched', 'not_reached']),
      condition: conditionTrace.exactOptional(),
    }),
  ),
  schedule: scheduleTrace.exactOptional(),
  split: z
    .strictObject({
      by: z.string(),
      path: z.array(z.string()).exactOptional(),
      seed: z.string(),
      key: z.string().exactOptional(),
      bucket: z.number().exactOptional(),
      parts: z.array(z.strictObject({ variant: z.string(), from: z.number(), to: z.number() })),
    })
    .exactOptional(),
});
