import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StagePlan } from './plan.ts';
import { validatePlan } from './plan-check.ts';
import { plan, stage, step, version } from './testing/small-world.ts';

function fieldsOf(stages: readonly StagePlan[]): string[] {
  const outcome = validatePlan(plan(stages));
  return outcome.ok ? [] : (outcome.refusal.fields ?? []).map((problem) => problem.field);
}

test('R1: a sound plan is accepted', () => {
  assert.deepEqual(fieldsOf([stage(), stage({ key: 'docs', service: 'docs', dependencies: ['shop'] })]), []);
});

test('R1: what cannot be carried out is refused at its place', () => {
  const cases: readonly [string, readonly StagePlan[]][] = [
    ['/stages/1/key', [stage(), stage({ service: 'docs' })]],
    ['/stages/0/dependencies/0', [stage({ dependencies: ['nowhere'] })]],
    ['/stages/0/dependencies/0', [stage({ dependencies: ['shop'] })]],
    ['/stages/0/strategy/steps/1/percentage', [stage({ steps: [step(50), step(50)] })]],
    ['/stages/0/strategy/steps/0/percentage', [stage({ steps: [step(0)] })]],
    ['/stages/0/strategy/steps/0/percentage', [stage({ steps: [step(101)] })]],
    ['/stages/0/strategy/steps', [stage({ steps: [] })]],
    ['/stages/0/strategy/analysis/check_interval_ms', [stage({ analysis: { check_interval_ms: 0 } })]],
    ['/stages/1/dependencies', [stage(), stage({ key: 'again', version: version('v3') })]],
    ['/stages/1/version/name', [stage(), stage({ key: 'again', dependencies: ['shop'] })]],
  ];
  for (const [field, stages] of cases) assert.deepEqual(fieldsOf(stages), [field]);
});

test('R1: a cycle is refused, naming the stages in and behind it', () => {
  const stages = [
    stage({ key: 'a', service: 'a', dependencies: ['b'] }),
    stage({ key: 'b', service: 'b', dependencies: ['a'] }),
    stage({ key: 'c', service: 'c', dependencies: ['b'] }),
    stage({ key: 'd', service: 'd' }),
  ];
  assert.deepEqual(
    fieldsOf(stages),
    [0, 1, 2].map((index) => `/stages/${index}/dependencies`),
  );
});
