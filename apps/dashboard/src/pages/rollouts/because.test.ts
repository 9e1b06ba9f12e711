import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becauseOf, criterionValue } from './because.ts';

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
