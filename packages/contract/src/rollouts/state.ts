import { z } from 'zod';
import { versionSpec } from '../services/schemas.ts';

/** Where a rollout stands, as it is read back. Nothing here is taken from callers. */

export const verdict = z.enum(['pass', 'fail', 'inconclusive', 'no_data', 'error']);

export const metricReading = z.strictObject({
  epoch: z.string(),
  at_ms: z.number(),
  versions: z.record(
    z.string(),
    z.strictObject({
      requests: z.number(),
      errors: z.number(),
      latency: z.record(z.string(), z.number()),
      in_flight: z.number(),
    }),
  ),
});

export const effect = z.discriminatedUnion('kind', [
  z.strictObject({ id: z.string(), kind: z.literal('run_version'), service: z.string(), version: versionSpec }),
  z.strictObject({ id: z.string(), kind: z.literal('stop_version'), service: z.string(), version: z.string() }),
  z.strictObject({
    id: z.string(),
    kind: z.literal('shift_traffic'),
    service: z.string(),
    shares: z.record(z.string(), z.number()),
    seed: z.string(),
  }),
]);

export const hold = z.strictObject({
  by: z.enum(['person', 'switch', 'approval', 'no_data']),
  reason: z.string(),
  since_ms: z.number(),
  stage: z.string().exactOptional(),
});

export const failure = z.strictObject({ cause: z.string(), at_ms: z.number(), stage: z.string().exactOptional() });

export const stagePhase = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('waiting') }),
  z.strictObject({ is: z.literal('preparing'), since_ms: z.number() }),
  z.strictObject({
    is: z.literal('baking'),
    step: z.number(),
    since_ms: z.number(),
    confirmed_at_ms: z.number().exactOptional(),
    next_check_at_ms: z.number(),
    reading: metricReading.exactOptional(),
    passes: z.number(),
    last_verdict: verdict.exactOptional(),
    promoted: z.enum(['step', 'fully']).exactOptional(),
    awaiting: z
      .strictObject({ what: z.enum(['approval', 'evidence', 'instances']), since_ms: z.number() })
      .exactOptional(),
    patience_from_ms: z.number().exactOptional(),
  }),
  z.strictObject({
    is: z.literal('completing'),
    since_ms: z.number(),
    stopping_since_ms: z.number().exactOptional(),
  }),
  z.strictObject({ is: z.literal('succeeded'), at_ms: z.number() }),
  z.strictObject({
    is: z.literal('returning'),
    since_ms: z.number(),
    cause: z.string(),
    stopping_since_ms: z.number().exactOptional(),
  }),
  z.strictObject({ is: z.literal('rolled_back'), at_ms: z.number(), cause: z.string() }),
  z.strictObject({ is: z.literal('skipped'), at_ms: z.number() }),
]);

const counts = z.strictObject({ requests: z.number(), errors: z.number() });

export const stageState = z.strictObject({
  key: z.string(),
  baseline: z.string().exactOptional(),
  baseline_stopped: z.boolean().exactOptional(),
  phase: stagePhase,
  traffic: z
    .strictObject({
      shares: z.record(z.string(), z.number()),
      sent_at_ms: z.number(),
      confirmed_at_ms: z.number().exactOptional(),
      repairs: z.number(),
    })
    .exactOptional(),
  ran_at_ms: z.number().exactOptional(),
  effects: z.number(),
  evidence: z
    .strictObject({
      checks: z.number(),
      violations_in_a_row: z.number(),
      canary: counts,
      baseline: counts,
      sequential: z.strictObject({ log_ratios: z.array(z.number()), peak: z.number() }).exactOptional(),
    })
    .exactOptional(),
});
