import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  Environment,
  Flag,
  FlagInput,
  KillSwitch,
  KillSwitchInput,
  LogEntry,
  Rollout,
  RolloutPlan,
  Segment,
  SegmentDependents,
  SegmentInput,
  Service,
  ServiceInput,
} from '@spillway/core';
import type { Evaluation, EvaluationContext, Operator, Trace } from '@spillway/evaluator';
import type { z } from 'zod';
import * as audit from './audit/schemas.ts';
import * as environments from './environments/schemas.ts';
import * as evaluation from './evaluation/schemas.ts';
import * as flags from './flags/schemas.ts';
import * as rollouts from './rollouts/schemas.ts';
import * as segments from './segments/schemas.ts';
import * as services from './services/schemas.ts';
import * as switches from './switches/schemas.ts';

/** The schema whose parsed value can be handed to the core as `T`: refused by the compiler when it cannot. */
function fits<T>(schema: z.ZodType<T>): z.ZodType<T> {
  return schema;
}

test('what a schema lets through has the type that the core takes', () => {
  const schemas: readonly z.ZodType[] = [
    fits<FlagInput>(flags.flagInput),
    fits<Flag>(flags.flag),
    fits<KillSwitchInput>(switches.killSwitchInput),
    fits<KillSwitch>(switches.killSwitch),
    fits<SegmentInput>(segments.segmentInput),
    fits<Segment>(segments.segment),
    fits<SegmentDependents>(segments.segmentDependents),
    fits<ServiceInput>(services.serviceInput),
    fits<Service>(services.service),
    fits<RolloutPlan>(rollouts.rolloutPlan),
    fits<Rollout>(rollouts.rollout),
    fits<Environment>(environments.environment),
    fits<LogEntry>(audit.logEntry),
    fits<Evaluation>(evaluation.evaluation),
    fits<Trace>(evaluation.trace),
    fits<EvaluationContext>(evaluation.context),
  ];
  for (const schema of schemas) assert.equal(schema.safeParse('no document').success, false);
});

/** The other way round: the compiler refuses this when the evaluator has an operator that the API does not take. */
const taken = (operator: Operator): z.output<typeof flags.operator> => operator;

test('every operator of the evaluator may be written over the API', () => {
  assert.ok(flags.operator.options.every((operator) => taken(operator) === flags.operator.parse(operator)));
});

test('a plan gets its defaults, and durations become milliseconds', () => {
  const plan = rollouts.rolloutPlan.parse({
    key: 'checkout',
    environment: 'production',
    stages: [
      {
        key: 'only',
        service: 'checkout',
        version: { name: 'v2', command: ['node', 'server.js'] },
        strategy: { kind: 'canary', steps: [{ percentage: 12.5, bake_ms: '10m' }] },
      },
    ],
  });
  assert.equal(plan.rollback_on_failure, true);
  assert.deepEqual(plan.stages[0]?.strategy.steps, [{ percentage: 12.5, bake_ms: 600_000, approval: false }]);
  assert.equal(plan.stages[0]?.strategy.analysis.criteria.max_error_rate, 0.05);
  assert.equal(plan.stages[0]?.version.health.path, '/healthz');
});

test('a share finer than a thousandth of a percent, or outside 0 to 100, is refused', () => {
  const { shape } = flags.splitPart;
  for (const good of [0, 0.001, 33.333, 100]) assert.equal(shape.percentage.safeParse(good).success, true, `${good}`);
  for (const bad of [-1, 100.001, 120, 0.0001, Number.NaN, Number.POSITIVE_INFINITY, '20', null]) {
    assert.equal(shape.percentage.safeParse(bad).success, false, `${bad}`);
  }
});
