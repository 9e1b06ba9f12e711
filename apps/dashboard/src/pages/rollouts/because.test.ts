import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becauseOf, criterionValue, furthestStep } from './because.ts';

test('R12: a decision is shown with its numbers, and what is not understood is left out', () => {
  const because = {
    decision: 'checked',
    summary: 'v3 failed in 12 % where 5 % is the most',
    stage: 'main',
    verdict: 'fail',
    findings: [
      { criterion: 'max_error_rate', observed: 0.12, bound: 0.05, verdict: 'fail', requests: 200 },
      { criterion: 'from a newer server', verdict: 'wonderful' },
      'nonsense',
    ],
  };
  const read = becauseOf({ because });
  assert.equal(read?.verdict, 'fail');
  assert.deepEqual(read?.findings, [
    { criterion: 'max_error_rate', observed: 0.12, bound: 0.05, baseline: null, verdict: 'fail', requests: 200 },
  ]);
  assert.equal(becauseOf({ because: null }), undefined);
});

test('each criterion is told in its own unit', () => {
  assert.equal(criterionValue('max_error_rate', 0.0512), '5.12 %');
  assert.equal(criterionValue('max_response_time_ms', 1234.4), '1,234 ms');
  assert.equal(criterionValue('max_error_rate', null), '–');
});

test('R12: a rollout that went back shows how far it came, in this run only', () => {
  const entry = (generation: number, step: number, stage = 'shop') => ({
    because: { decision: 'step_started', summary: '', stage, step },
    after: { generation },
  });
  const entries = [entry(2, 1), entry(2, 0), entry(1, 3), entry(2, 2, 'other')];
  assert.equal(furthestStep(entries, 'shop', 2), 1);
  assert.equal(furthestStep(entries, 'shop', 3), undefined);
});
