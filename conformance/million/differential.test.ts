import assert from 'node:assert/strict';
import { test } from 'node:test';
import { disagreement } from '../differential/compare.ts';
import { shrink } from '../differential/shrink.ts';
import { runInParallel } from './in-parallel.ts';

const CASES = 1_000_000;
/** Every run asks other questions; a failure prints the seed of the universe it was found in. */
const SEED = Math.floor(Math.random() * 2 ** 30);

test(`F9: in a million cases, value, variant, reason and trace are the oracle's (seed ${SEED})`, async () => {
  const runs = await runInParallel(CASES, SEED);
  for (const { failure } of runs) {
    if (failure === undefined) continue;
    const smallest = shrink(failure.case);
    const { seed, what } = failure;
    assert.fail(
      `${what} differ in the universe of seed ${seed}; keep it in conformance/regressions: ${JSON.stringify([smallest, disagreement(smallest)])}`,
    );
  }
  const cases = runs.reduce((sum, run) => sum + run.cases, 0);
  assert.ok(cases >= CASES, `${cases} cases`);
});
