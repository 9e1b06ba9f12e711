import { parseArgs } from 'node:util';
import { disagreement } from './differential/compare.ts';
import { runDifferential } from './differential/run.ts';
import { shrink } from './differential/shrink.ts';

/** `node conformance/differential.ts [--cases 1000000] [--seed N]`: oracle and evaluator side by side. */
const { values } = parseArgs({ options: { cases: { type: 'string' }, seed: { type: 'string' } } });
const cases = Number(values.cases ?? 1_000_000);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
console.log(`seed ${seed}`);
const started = performance.now();
const run = runDifferential(cases, seed);
const seconds = ((performance.now() - started) / 1_000).toFixed(1);
for (const [name, count] of [...run.reached].sort()) console.log(`${String(count).padStart(9)}  ${name}`);
if (run.failure === undefined) {
  console.log(`${run.cases} cases alike in ${seconds} s`);
} else {
  const { what, seed: failing, case: found } = run.failure;
  console.error(`differs in ${what} after ${run.cases} cases, in the universe of seed ${failing}; reduced to:`);
  const alone = disagreement(found) !== undefined;
  if (!alone) console.error('(only seen on top of an earlier configuration, so it is not reduced)');
  const smallest = alone ? shrink(found) : found;
  console.error(JSON.stringify(smallest, undefined, 2));
  console.error(JSON.stringify(disagreement(smallest) ?? run.failure.disagreement, undefined, 2));
  console.error('keep the case as a file in conformance/regressions/');
  process.exitCode = 1;
}
