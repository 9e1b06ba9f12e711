import type { RolloutPlan, Service, StagePlan, VersionSpec } from '@spillway/core';
import type { Quality } from '../world/platform.ts';
import type { SeededRandom } from '../world/random.ts';

export const ENVIRONMENT = 'production';

export function version(name: string, instances: number): VersionSpec {
  const health = { path: '/healthz', interval_ms: 1_000, timeout_ms: 1_000, start_timeout_ms: 30_000 };
  return { name, command: ['app'], env: {}, instances, health, grace_ms: 1_000 };
}

export function service(key: string, live: VersionSpec | undefined): Service {
  const base = { key, environment: ENVIRONMENT, path_prefix: `/${key}`, sticky: { cookie: 'visitor' } };
  return live === undefined ? { ...base, versions: {} } : { ...base, live: live.name, versions: { [live.name]: live } };
}

const CRITERIA = {
  max_response_time_ms: 1_000,
  response_time_quantile: 0.95,
  max_error_rate: 0.05,
  min_success_rate: 0.95,
  max_cpu_usage: 0.8,
  max_memory_usage: 0.85,
};

function stage(random: SeededRandom, key: string, dependencies: readonly string[]): StagePlan {
  const step = (percentage: number) => ({
    percentage,
    bake_ms: random.between(1, 4) * 1_000,
    approval: random.chance(0.1),
  });
  const percentages = random.pick<readonly number[]>([[10, 50], [5, 25, 100], [30]]);
  return {
    key,
    dependencies,
    service: key,
    version: version(`${key}-2`, random.between(1, 2)),
    strategy: {
      kind: 'canary',
      steps: percentages.map(step),
      progress_deadline_ms: 15_000,
      analysis: {
        check_interval_ms: 1_000,
        criteria: CRITERIA,
        rollback_threshold_violations: random.between(1, 3),
        minimum_requests: 5,
        ...(random.chance(0.5) ? { comparison: { false_alarm_probability: 0.001, margin_ratio: 2 } } : {}),
        on_no_data: random.pick(['wait', 'pause', 'rollback']),
        no_data_deadline_ms: 10_000,
      },
    },
  };
}

/** One service, or two of which the second waits for the first, or two beside one another. */
export function randomPlan(random: SeededRandom): RolloutPlan {
  const shape = random.pick(['one', 'chain', 'beside']);
  const first = stage(random, 'shop', []);
  const stages = shape === 'one' ? [first] : [first, stage(random, 'docs', shape === 'chain' ? ['shop'] : [])];
  return { key: 'release', description: '', environment: ENVIRONMENT, stages, rollback_on_failure: random.chance(0.7) };
}

/** Most versions are good; the old ones always are. */
export function randomQualities(random: SeededRandom, plan: RolloutPlan): Record<string, Quality> {
  const qualities: Record<string, Quality> = {};
  for (const { key, version: spec } of plan.stages) {
    qualities[`${key}-1`] = { errorRate: 0.004, stillborn: false };
    const fate = random.next();
    qualities[spec.name] = { errorRate: fate < 0.3 ? 0.3 : 0.004, stillborn: fate > 0.95 };
  }
  return qualities;
}
