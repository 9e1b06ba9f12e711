import type { GatewayAdmin } from '@spillway/gateway';
import { fullLoad } from './load.ts';

export const CHANGES = 1_000;
const CONNECTIONS = 64;
/** Long enough for all changes with time to spare; each change waits for the disk. */
const SECONDS = 20;
const SPREAD_OVER_SHARE = 0.85;

export interface WeightChanges {
  readonly changes: number;
  readonly requests: number;
  readonly per_second: number;
  readonly failed: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly change_p50_ms: number;
  readonly change_p99_ms: number;
  /** What the gateway itself counted. */
  readonly errors_counted: number;
}

/** Random weight changes, also to 0 and 100 %, while as many requests run as the machine holds. */
export async function measureWeightChanges(
  admin: GatewayAdmin,
  port: number,
  urls: readonly [string, string],
): Promise<WeightChanges> {
  const load = fullLoad({ port, seconds: SECONDS, connections: CONNECTIONS });
  const start = performance.now();
  const tookMs: number[] = [];
  for (let change = 0; change < CHANGES; change++) {
    const dueMs = start + (change * SECONDS * 1_000 * SPREAD_OVER_SHARE) / CHANGES;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())));
    const began = performance.now();
    await admin.putRoute(benchmarkRoute(randomShare(), urls));
    tookMs.push(performance.now() - began);
  }
  const { requests, per_second, failed, failures } = await load;
  const readings = Object.values((await admin.metrics()).services['bench/shop'] ?? {});
  tookMs.sort((a, b) => a - b);
  return {
    changes: CHANGES,
    requests,
    per_second,
    failed,
    failures,
    change_p50_ms: tookMs[Math.floor(CHANGES * 0.5)] ?? 0,
    change_p99_ms: tookMs[Math.floor(CHANGES * 0.99)] ?? 0,
    errors_counted: readings.reduce((sum, reading) => sum + reading.errors, 0),
  };
}

export function benchmarkRoute(share: number, [one, two]: readonly [string, string]) {
  return {
    service: 'bench/shop',
    path_prefix: '/',
    sticky: { cookie: 'user' },
    seed: 'bench',
    versions: [
      { version: 'v2', share, urls: [two] },
      { version: 'v1', share: 100_000 - share, urls: [one] },
    ],
  };
}

function randomShare(): number {
  const draw = Math.random();
  if (draw < 0.05) return 0;
  return draw > 0.95 ? 100_000 : Math.round(Math.random() * 100_000);
}
