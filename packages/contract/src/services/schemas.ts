import { z } from 'zod';
import { durationMs, key, versioned } from '../fields.ts';

export const MAX_VARIABLES = 512;

/** What becomes an argument, a variable or a path of a process: systems end such texts at a NUL. */
const processText = z.string().refine((text) => !text.includes('\0'), 'must not hold a NUL character');

export const healthCheck = z.strictObject({
  path: z
    .string()
    .regex(/^\/[\x21-\x7e]*$/, 'must start with a slash and hold printable ASCII without spaces')
    .max(1_024)
    .default('/healthz'),
  interval_ms: durationMs.default(1_000),
  timeout_ms: durationMs.default(1_000),
  start_timeout_ms: durationMs.default(30_000),
});

export const versionSpec = z.strictObject({
  name: key,
  command: z.array(processText.min(1).max(4_096)).min(1).max(256),
  directory: processText.max(4_096).exactOptional(),
  env: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be A-Z a-z 0-9 _, not starting with a digit'),
      processText.max(32_768),
    )
    .refine((env) => Object.keys(env).length <= MAX_VARIABLES, `takes at most ${MAX_VARIABLES} variables`)
    .default({}),
  instances: z.number().int().min(1).max(64).default(1),
  health: healthCheck.prefault({}),
  grace_ms: durationMs.default(10_000),
});

export const stickyBy = z.strictObject({
  header: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,128}$/, 'must be a header name of 1 to 128 of A-Z a-z 0-9 -')
    .exactOptional(),
  cookie: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,128}$/, 'must be a cookie name of 1 to 128 of A-Z a-z 0-9 _ -')
    .default('spillway_visitor'),
});

export const serviceInput = z.strictObject({
  hostname: z.string().max(253).exactOptional(),
  path_prefix: z.string().startsWith('/', 'must start with a slash').max(1_024).default('/'),
  sticky: stickyBy.prefault({}),
});

export const service = z.strictObject({
  key,
  environment: key,
  hostname: z.string().exactOptional(),
  path_prefix: z.string(),
  live: z.string().exactOptional(),
  versions: z.record(z.string(), versionSpec),
  sticky: stickyBy,
  ...versioned,
});

/** One second of one version's traffic, for plots. Telemetry, not part of the log. */
export const seriesPoint = z.strictObject({
  at_ms: z.number(),
  version: z.string(),
  requests: z.number(),
  errors: z.number(),
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
  in_flight: z.number(),
  share: z.number(),
});

/** What is seen of a service right now. */
export const serviceStatus = z.strictObject({
  key,
  environment: key,
  live: z.string().exactOptional(),
  desired_shares: z.record(z.string(), z.number()).nullable(),
  actual_shares: z.record(z.string(), z.number()).nullable(),
  instances: z.array(
    z.strictObject({
      id: z.string(),
      version: z.string(),
      url: z.string(),
      state: z.enum(['starting', 'healthy', 'unhealthy', 'backing_off', 'stopping']),
      restarts: z.number(),
      problem: z.string().exactOptional(),
      cpu_usage: z.number().exactOptional(),
      memory_usage: z.number().exactOptional(),
    }),
  ),
  series: z.array(seriesPoint),
});
