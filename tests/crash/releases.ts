import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallInput, CallOutput } from '@spillway/contract';
import type { Client } from '@spillway/contract/client';

export const ENVIRONMENT = 'staging';
export const SERVICE = 'app';
const POLL_MS = 50;
const RELEASE_TIMEOUT_MS = 90_000;

type Plan = CallInput<'applyRollout'>['body']['plan'];
type Rollout = CallOutput<'getRollout'>;

export type Release = { readonly key: string; readonly version: string; readonly broken: boolean };

export interface ReleaseResult extends Release {
  readonly status: Rollout['status'];
  readonly live: string | undefined;
  readonly correct: boolean;
  readonly tookMs: number;
  readonly conclusion: string;
}

/** Runs one canary to its end, however often the control plane dies meanwhile, and compares the end with what it must be. */
export async function release(client: Client, what: Release, liveBefore: string | undefined): Promise<ReleaseResult> {
  const started = performance.now();
  await apply(client, what);
  const ended = await waitForEnd(client, what.key, started);
  const live = (await answered(() => client.call('getService', { params: { environment: ENVIRONMENT, key: SERVICE } })))
    .live;
  const status = await answered(() =>
    client.call('serviceStatus', { params: { environment: ENVIRONMENT, key: SERVICE } }),
  );
  const expectedLive = what.broken ? liveBefore : what.version;
  const alone = status.actual_shares !== null && status.actual_shares[expectedLive ?? ''] === 100_000;
  const correct = ended.status === (what.broken ? 'rolled_back' : 'succeeded') && live === expectedLive && alone;
  return {
    ...what,
    status: ended.status,
    live,
    correct,
    tookMs: Math.round(performance.now() - started),
    conclusion: ended.conclusion ?? '',
  };
}

/** The same idempotency key until it is answered: a repeated request must not start a second generation. */
async function apply(client: Client, what: Release): Promise<void> {
  const body = { plan: planFor(what), reason: 'crash test' };
  await answered(() => client.call('applyRollout', { body, idempotencyKey: `apply-${what.key}` }));
}

async function waitForEnd(client: Client, key: string, started: number): Promise<Rollout> {
  for (;;) {
    const rollout = await answered(() => client.call('getRollout', { params: { key } }));
    if (rollout.ended_at_ms !== undefined) return rollout;
    if (performance.now() - started > RELEASE_TIMEOUT_MS) {
      throw new Error(`${key} has not ended within ${RELEASE_TIMEOUT_MS} ms: ${JSON.stringify(rollout)}`);
    }
    await sleep(POLL_MS);
  }
}

/** Asks again while nobody answers; a refusal is an error. */
export async function answered<T>(
  ask: () => Promise<{ ok: true; value: T } | { ok: false; problem: { status: number; detail: string } }>,
): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer.ok) return answer.value;
    if (answer.problem.status !== 0 && answer.problem.status < 500) throw new Error(answer.problem.detail);
    await sleep(POLL_MS);
  }
}

function planFor({ key, version, broken }: Release): Plan {
  return {
    key,
    environment: ENVIRONMENT,
    stages: [
      {
        key: 'canary',
        service: SERVICE,
        version: {
          name: version,
          command: [process.execPath, join(import.meta.dirname, 'app.ts')],
          env: broken ? { BROKEN: '1' } : {},
          health: { path: '/healthz', interval_ms: 200, timeout_ms: 2_000, start_timeout_ms: 20_000 },
          grace_ms: 3_000,
        },
        strategy: {
          kind: 'canary',
          steps: [10, 30, 60, 100].map((percentage) => ({ percentage, bake_ms: 900 })),
          analysis: {
            check_interval_ms: 300,
            minimum_requests: 5,
            rollback_threshold_violations: 2,
            criteria: {
              max_error_rate: 0.1,
              min_success_rate: 0.9,
              max_cpu_usage: 8,
              max_memory_usage: 1,
              max_response_time_ms: 5_000,
            },
            on_no_data: 'wait',
          },
          progress_deadline_ms: 30_000,
        },
      },
    ],
  };
}
