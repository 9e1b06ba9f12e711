import { z } from 'zod';
import { durationMs, key, percentage, reason, text, versioned } from '../fields.ts';
import { versionSpec } from '../services/schemas.ts';
import { effect, failure, hold, stageState } from './state.ts';

export const MAX_STAGES = 50;
export const MAX_STEPS = 100;

export const criteria = z.strictObject({
  max_response_time_ms: z.number().positive().default(1_000),
  response_time_quantile: z.number().gt(0).lt(1).default(0.95),
  max_error_rate: z.number().min(0).max(1).default(0.05),
  min_success_rate: z.number().min(0).max(1).default(0.95),
  max_cpu_usage: z.number().positive().default(0.8),
  max_memory_usage: z.number().positive().default(0.85),
});

export const analysis = z.strictObject({
  check_interval_ms: durationMs.default(10_000),
  criteria: criteria.prefault({}),
  rollback_threshold_violations: z.number().int().min(1).default(3),
  minimum_requests: z.number().int().min(1).default(20),
  comparison: z
    .strictObject({
      false_alarm_probability: z.number().gt(0).lt(1).default(0.01),
      margin_ratio: z.number().min(1).default(1.5),
    })
    .exactOptional(),
  on_no_data: z.enum(['wait', 'pause', 'rollback']).default('pause'),
  no_data_deadline_ms: durationMs.default(300_000),
});

export const canary = z.strictObject({
  kind: z.literal('canary'),
  steps: z
    .array(z.strictObject({ percentage: percentage.gt(0), bake_ms: durationMs, approval: z.boolean().default(false) }))
    .min(1)
    .max(MAX_STEPS),
  analysis: analysis.prefault({}),
  progress_deadline_ms: durationMs.default(60_000),
});

export const stagePlan = z.strictObject({
  key,
  dependencies: z.array(key).max(MAX_STAGES).default([]),
  service: key,
  version: versionSpec,
  strategy: canary,
});

export const rolloutPlan = z.strictObject({
  key,
  description: text.default(''),
  environment: key,
  stages: z.array(stagePlan).min(1).max(MAX_STAGES),
  rollback_on_failure: z.boolean().default(true),
});

export const applyRollout = z.strictObject({ plan: rolloutPlan, reason: reason.default('') });

/** The full state, as `core` keeps it. */
export const rollout = z.strictObject({
  key,
  plan: rolloutPlan,
  generation: z.number(),
  status: z.enum(['progressing', 'paused', 'rolling_back', 'succeeded', 'rolled_back', 'failed']),
  stages: z.array(stageState),
  pending: z.array(effect),
  hold: hold.exactOptional(),
  failure: failure.exactOptional(),
  started_at_ms: z.number(),
  ended_at_ms: z.number().exactOptional(),
  conclusion: z.string().exactOptional(),
  ...versioned,
});

export const rolloutCommand = z.strictObject({ reason: reason.default('') });

export const promoteCommand = z.strictObject({ reason: reason.default(''), full: z.boolean().default(false) });
