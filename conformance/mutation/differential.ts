import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runDifferential } from '../differential/run.ts';

/** As many as a mutant can wait for; always the same, so that a score can be compared with another. */
const CASES = 1_000;
const SEED = 20_260_101;

test('the evaluator answers and explains as the oracle does, in a thousand cases', () => {
  const { cases, failure } = runDifferential(CASES, SEED);
  assert.equal(failure?.what, undefined);
  assert.ok(cases >= CASES);
});
