import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Run } from '../differential/run.ts';

/** How far apart the seeds of two workers are: more universes than any of them makes. */
const SEEDS_APART = 2 ** 24;

/** `runDifferential` on every processor. A part that finds a difference ends there; the others go on. */
export async function runInParallel(cases: number, firstSeed: number): Promise<readonly Run[]> {
  const parts = availableParallelism();
  const share = Math.ceil(cases / parts);
  return Promise.all(Array.from({ length: parts }, (_, part) => runPart(share, firstSeed + part * SEEDS_APART)));
}

async function runPart(cases: number, seed: number): Promise<Run> {
  const worker = new Worker(new URL('./part.ts', import.meta.url), { workerData: { cases, seed } });
  const [run]: Run[] = await once(worker, 'message');
  if (run === undefined) throw new Error('a worker ended without saying what it found');
  return run;
}
